import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from './codec.ts';
import { MAX_FRAME_BYTES } from './frame.ts';

describe('a frame as text', () => {
  it('comes back as it was', () => {
    const frame = { type: 'call', id: 3, method: 'jobs.get', input: { jobId: 'job_1', note: 'ü' } } as const;
    expect(decodeFrame(encodeFrame(frame))).toEqual({ frame });
  });

  it('is not made when it is too large, counted in bytes', () => {
    const half = 'ü'.repeat(MAX_FRAME_BYTES / 2);
    expect(() => encodeFrame({ type: 'ok', id: 1, output: half })).toThrow(/too large/);
    expect(() => encodeFrame({ type: 'ok', id: 1, output: half.slice(100) })).not.toThrow();
  });

  it('is refused when it is too large, with its number where that can be read', () => {
    const text = `{"type":"call","id":41,"method":"x","input":"${'x'.repeat(MAX_FRAME_BYTES)}"}`;
    expect(decodeFrame(text)).toMatchObject({ refusal: { id: 41, code: 'too-large' } });
    expect(decodeFrame(`  ${text}`)).toMatchObject({ refusal: { id: 0, code: 'too-large' } });
  });

  it.each([
    [undefined, 0],
    [new Uint8Array(3), 0],
    ['', 0],
    ['{', 0],
    ['null', 0],
    ['7', 0],
    ['{"type":"shout","id":5}', 5],
    ['{"type":"call","id":1.5,"method":"x"}', 0],
    ['{"type":"call","id":6}', 6],
    ['{"type":"next"}', 0],
  ])('is refused when it is none: %j', (text, id) => {
    expect(decodeFrame(text)).toMatchObject({ refusal: { id, code: 'bad-frame' } });
  });
});
