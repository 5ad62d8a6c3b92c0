import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { z } from 'zod';

/** The vendors' packages; the prefix is also the name of the image file in every class. */
export const VENDORS = ['twemoji', 'noto', 'noto-v1', 'fluent-emoji-flat', 'emojione', 'fxemoji'] as const;
export type Vendor = (typeof VENDORS)[number];

const Geometry = {
  left: z.number().optional(),
  top: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
};
const Icon = z.object({ body: z.string(), ...Geometry });
const Icons = z.object({
  icons: z.record(z.string(), Icon),
  aliases: z.record(z.string(), z.object({ parent: z.string(), ...Geometry })).default({}),
  ...Geometry,
});
const Info = z.object({
  name: z.string(),
  author: z.object({ name: z.string(), url: z.string().optional() }),
  license: z.object({ title: z.string(), spdx: z.string().optional(), url: z.string().optional() }),
});
const Package = z.object({ name: z.string(), version: z.string() });

/** One vendor's drawings, read from its `@iconify-json` package (Iconify's JSON format). */
export class IconSet {
  readonly vendor: Vendor;
  readonly info: z.infer<typeof Info>;
  readonly package: z.infer<typeof Package>;
  readonly #icons: z.infer<typeof Icons>;

  private constructor(vendor: Vendor, icons: unknown, info: unknown, packageJson: unknown) {
    this.vendor = vendor;
    this.#icons = Icons.parse(icons);
    this.info = Info.parse(info);
    this.package = Package.parse(packageJson);
  }

  static async load(vendor: Vendor): Promise<IconSet> {
    const require = createRequire(import.meta.url);
    const read = async (file: string): Promise<unknown> =>
      JSON.parse(await readFile(require.resolve(`@iconify-json/${vendor}/${file}`), 'utf8'));
    return new IconSet(vendor, await read('icons.json'), await read('info.json'), await read('package.json'));
  }

  /** Names of all drawings, aliases included. */
  names(): string[] {
    return [...Object.keys(this.#icons.icons), ...Object.keys(this.#icons.aliases)];
  }

  /** The drawing as SVG of `size` x `size` pixels, its own shape kept; null where there is none of that name. */
  svg(name: string, size: number): string | null {
    const icon = this.#resolve(name);
    if (icon === null) return null;
    const { left = 0, top = 0, body } = icon;
    const width = icon.width ?? this.#icons.width ?? 16;
    const height = icon.height ?? this.#icons.height ?? 16;
    const view = [left, top, width, height].join(' ');
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
      `width="${String(size)}" height="${String(size)}" viewBox="${view}">${body}</svg>`
    );
  }

  #resolve(name: string, depth = 0): z.infer<typeof Icon> | null {
    const icon = this.#icons.icons[name];
    if (icon !== undefined) return icon;
    const alias = this.#icons.aliases[name];
    if (alias === undefined || depth > 4) return null;
    const parent = this.#resolve(alias.parent, depth + 1);
    return parent === null ? null : { ...parent, ...definedOf(alias) };
  }
}

/** Geometry that an alias overrides. */
function definedOf({ left, top, width, height }: Partial<Record<keyof typeof Geometry, number | undefined>>) {
  return Object.fromEntries(
    Object.entries({ left, top, width, height }).filter(([, value]) => value !== undefined),
  ) as Partial<Record<keyof typeof Geometry, number>>;
}
