import type { ServiceContext } from './service-context.ts';

/** Paths and class names for rows of stored arrays. Names of classes are looked up once. */
export class LabelledImages {
  readonly #context: ServiceContext;
  readonly #names = new Map<number, string>();

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** @param classId as the split saw it; what the class is called now */
  describe(imageId: number, classId: number): { path: string; class: string } {
    return {
      path: this.#context.images.find(imageId)?.path ?? `image ${imageId}`,
      class: this.className(classId),
    };
  }

  className(classId: number): string {
    let name = this.#names.get(classId);
    if (name === undefined) {
      name = this.#context.classes.find(classId)?.name ?? `class ${classId}`;
      this.#names.set(classId, name);
    }
    return name;
  }
}
