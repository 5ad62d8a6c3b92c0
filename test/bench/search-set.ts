/** As many as Stanford Online Products has to train, for about as many images. */
export const CLASSES = 11_318;

/** The class of a row of the bench's vectors: five or six rows each, far apart. */
export const classOf = (row: number): number => (row * 7919) % CLASSES;

export interface SearchRequest {
  readonly work: 'exact' | 'build' | 'query' | 'mine' | 'memory';
  /** Candidates that a query of the graph keeps. */
  readonly width?: number;
}

export interface SearchAnswer {
  readonly ms: number;
  /** CPU time of all threads, ms: says more where the machine has other work. */
  readonly cpu: number;
  /** Recall@10 of a query. */
  readonly value?: number;
  readonly megabytes?: number;
  readonly faiss?: string;
}
