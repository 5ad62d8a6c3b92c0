/** Class ids in the order in which training numbers them: number 0 is the smallest id. */
export const numberedClasses = (labels: Int32Array): number[] => [...new Set(labels)].sort((a, b) => a - b);
