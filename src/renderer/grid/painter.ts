import type { ImageRow } from '../../shared/domain/dataset.ts';
import { classColorFixed } from '../ui/class-color.ts';
import type { Rect } from './layout.ts';
import type { GridPalette } from './palette.ts';
import type { Thumbnail } from './thumbnails.ts';

export interface CellLook {
  readonly row: ImageRow | undefined;
  readonly thumbnail: Thumbnail | undefined;
  readonly failed: boolean;
  readonly selected: boolean;
  readonly focused: boolean;
  readonly caption: number;
}

const FADE_MS = 160;
const RADIUS = 4;
const EDGE = 3;

/** Draws cells on a canvas. Knows nothing of scrolling or of where pictures come from. */
export class GridPainter {
  readonly #context: CanvasRenderingContext2D;
  readonly #palette: GridPalette;
  readonly #fadeMs: number;
  readonly #captions = new Map<string, string>();

  constructor(context: CanvasRenderingContext2D, palette: GridPalette, options: { fade: boolean }) {
    this.#context = context;
    this.#palette = palette;
    this.#fadeMs = options.fade ? FADE_MS : 0;
  }

  /** Draws one cell; true while it is still fading in and has to be drawn again. */
  drawCell(rect: Rect, look: CellLook, now: number): boolean {
    const context = this.#context;
    const palette = this.#palette;
    const side = rect.width;
    if (look.selected) {
      context.fillStyle = palette.selected;
      fillRound(context, rect.x - 4, rect.y - 4, side + 8, rect.height + 8, RADIUS + 2);
    }
    context.fillStyle = palette.placeholder;
    fillRound(context, rect.x, rect.y, side, side, RADIUS);
    const isFading = this.#drawPicture(rect, look, now);
    const { row } = look;
    if (row !== undefined) {
      context.fillStyle = classColorFixed(row.classId, palette.dark);
      fillRound(context, rect.x, rect.y + side - EDGE, side, EDGE, 1);
      if (row.excluded) this.#drawExcluded(rect);
      if (row.tags.length > 0) this.#drawTagDot(rect);
      if (look.caption > 0) this.#drawCaption(rect, look.caption, row.className);
    }
    if (look.selected) this.#drawCheck(rect);
    if (look.focused || look.selected) this.#drawRing(rect, look.focused);
    return isFading;
  }

  drawBand(rect: Rect): void {
    const context = this.#context;
    context.strokeStyle = this.#palette.accent;
    context.lineWidth = 1;
    context.globalAlpha = 0.15;
    context.fillStyle = this.#palette.accent;
    context.fillRect(rect.x, rect.y, rect.width, rect.height);
    context.globalAlpha = 1;
    context.strokeRect(rect.x + 0.5, rect.y + 0.5, rect.width, rect.height);
  }

  #drawPicture(rect: Rect, look: CellLook, now: number): boolean {
    const context = this.#context;
    const side = rect.width;
    if (look.thumbnail === undefined) {
      if (look.failed && side >= 64) {
        context.fillStyle = this.#palette.quiet;
        context.font = this.#palette.font;
        context.textAlign = 'center';
        context.fillText('no picture', rect.x + side / 2, rect.y + side / 2 + 4, side - 8);
        context.textAlign = 'start';
      }
      return false;
    }
    const { bitmap, arrivedAt } = look.thumbnail;
    const age = this.#fadeMs === 0 ? 1 : Math.min(1, (now - arrivedAt) / this.#fadeMs);
    const scale = Math.min(side / bitmap.width, side / bitmap.height);
    const width = bitmap.width * scale;
    const height = bitmap.height * scale;
    context.globalAlpha = Math.max(0, age) * (look.row?.excluded === true ? 0.28 : 1);
    context.drawImage(bitmap, rect.x + (side - width) / 2, rect.y + (side - height) / 2, width, height);
    context.globalAlpha = 1;
    return age < 1;
  }

  /** A bar through the cell: told by more than paleness. */
  #drawExcluded(rect: Rect): void {
    const context = this.#context;
    const inset = rect.width * 0.3;
    context.strokeStyle = this.#palette.text;
    context.lineWidth = 2;
    context.lineCap = 'round';
    context.beginPath();
    context.moveTo(rect.x + inset, rect.y + rect.width - inset);
    context.lineTo(rect.x + rect.width - inset, rect.y + inset);
    context.stroke();
  }

  #drawTagDot(rect: Rect): void {
    const context = this.#context;
    context.fillStyle = this.#palette.accent;
    context.strokeStyle = this.#palette.surface;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(rect.x + 9, rect.y + 9, 4, 0, Math.PI * 2);
    context.stroke();
    context.fill();
  }

  #drawCheck(rect: Rect): void {
    const context = this.#context;
    const x = rect.x + rect.width - 11;
    const y = rect.y + 11;
    context.fillStyle = this.#palette.accent;
    context.beginPath();
    context.arc(x, y, 8, 0, Math.PI * 2);
    context.fill();
    context.strokeStyle = this.#palette.onAccent;
    context.lineWidth = 2;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(x - 3.5, y + 0.5);
    context.lineTo(x - 1, y + 3);
    context.lineTo(x + 3.5, y - 2.5);
    context.stroke();
  }

  #drawRing(rect: Rect, focused: boolean): void {
    const context = this.#context;
    const out = focused ? 3 : 1;
    context.strokeStyle = this.#palette.accent;
    context.lineWidth = 2;
    context.beginPath();
    context.roundRect(rect.x - out, rect.y - out, rect.width + 2 * out, rect.width + 2 * out, RADIUS + out);
    context.stroke();
  }

  #drawCaption(rect: Rect, height: number, text: string): void {
    const context = this.#context;
    context.font = this.#palette.font;
    context.fillStyle = this.#palette.quiet;
    context.fillText(this.#fit(text, rect.width), rect.x, rect.y + rect.width + height - 5);
  }

  /** The text cut to a width with an ellipsis; measured once for each text and width. */
  #fit(text: string, width: number): string {
    const key = `${width}:${text}`;
    const known = this.#captions.get(key);
    if (known !== undefined) return known;
    let low = 0;
    let high = text.length;
    if (this.#context.measureText(text).width > width) {
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (this.#context.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
        else high = middle - 1;
      }
    }
    const fitted = high === text.length ? text : `${text.slice(0, low).trimEnd()}…`;
    if (this.#captions.size > 5000) this.#captions.clear();
    this.#captions.set(key, fitted);
    return fitted;
  }
}

function fillRound(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
): void {
  context.beginPath();
  context.roundRect(x, y, width, height, radius);
  context.fill();
}
