/** Keys of the trainer's own draws, apart from those of `RANDOM_STREAM`. */
export const TRAINING_STREAM = { inputs: 20, refresh: 21 } as const;
