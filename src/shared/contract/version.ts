/** Raised when frames or calls change incompatibly; a client of another version is told so. */
export const CONTRACT_VERSION = 1;
