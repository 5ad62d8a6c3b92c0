/** Whether bytes that are a PNG or a JPEG are the former. */
export const isPng = (bytes: Uint8Array): boolean => bytes[0] === 0x89;
