// What the recorder knows of a page's object, kept in the object itself where no script can see it.

export interface Told {
  readonly id: number;
  /** 0 until it is known, of a canvas. */
  device: number;
  readonly kind: number;
  /** Of a texture: the view that it stands for where a view is asked for; 0 until there is one. */
  view?: number;
  /** Of a bundle and its encoder: what it names lives as long, and the collector tells of it no sooner. */
  names?: object[];
}

type Identity = new (object: object) => object;
// A constructor that returns another object than its own has its class's private fields put on that one: reading them
// costs what a property costs, and the object dies as if nobody had looked at it.
const Identity = function (object: object) {
  return object;
} as unknown as Identity;

class Mark extends Identity {
  #told: Told;

  constructor(object: object, told: Told) {
    super(object);
    this.#told = told;
  }

  static of(object: object): Told | undefined {
    return #told in object ? object.#told : undefined;
  }
}

/** Once for an object. */
export function mark(object: object, told: Told): void {
  new Mark(object, told);
}

/** Undefined for what was made before the recorder began, and for what is no object. */
export function toldOf(object: unknown): Told | undefined {
  return typeof object === "object" && object !== null ? Mark.of(object) : undefined;
}

/** 0 where it is not known, as for null. */
export function idOf(object: unknown): number {
  return toldOf(object)?.id ?? 0;
}
