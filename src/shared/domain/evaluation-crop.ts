/** How evaluation looks at an image, as a protocol names it: shorter side to `resize`, then the centre `size` x `size`. */
export function describeCrop(size: number, resize: number = size): string {
  return `resize ${resize}, centre crop ${size}`;
}
