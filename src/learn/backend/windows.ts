/**
 * Cells added around an image before windows are laid over it: the same number on every side, or as many as
 * TensorFlow's SAME adds, which is one more after than before where the total is odd.
 */
export type Padding = 'same' | number;

/** How windows lie along one axis. */
export interface Windows {
  /** Cells added before the first and after the last. Cells that no window reaches are not counted. */
  readonly before: number;
  readonly after: number;
  /** How many windows there are. */
  readonly count: number;
}

/**
 * @param length of the axis in cells
 * @param ceil   lets a last window reach over the padding's end, as torch's `ceil_mode` does, if it begins before it
 */
export function windowsAlong(
  length: number,
  size: number,
  stride: number,
  padding: Padding,
  ceil = false,
): Windows {
  if (padding === 'same') {
    const count = Math.ceil(length / stride);
    const total = Math.max(0, (count - 1) * stride + size - length);
    return { before: total >> 1, after: total - (total >> 1), count };
  }
  const steps = (length + 2 * padding - size) / stride;
  let count = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
  if (ceil && (count - 1) * stride >= length + padding) count -= 1;
  return { before: padding, after: Math.max(0, (count - 1) * stride + size - length - padding), count };
}

/** Whether TensorFlow's SAME lays the windows in the same places. */
export function isSame(windows: Windows, length: number, size: number, stride: number): boolean {
  const same = windowsAlong(length, size, stride, 'same');
  return same.count === windows.count && same.before === windows.before;
}
