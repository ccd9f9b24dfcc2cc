/**
 * A part of a request that may hold places which are filled in only when its step runs: what Azure makes up (an identity's
 * principal), what nobody may store (keys, secrets). A plan can so be shown and saved as it is.
 */
export type Value =
  string | number | boolean | null | readonly Value[] | ReadPlace | SecretPlace | TextPlace | ValueObject;
export interface ValueObject {
  readonly [key: string]: Value;
}

/** What a resource says when the step runs. */
export interface ReadPlace {
  readonly $read: {
    /** For people: `id of the identity 'shop-pull'`. */
    readonly label: string;
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly apiVersion: string;
    /** Where in the answer, as in `at` of azure/json.ts. */
    readonly get: string;
    /** Never shown, logged or stored. */
    readonly secret?: true;
  };
}

/** A secret of the user by its name in the choices; see `World.secret`. */
export interface SecretPlace {
  readonly $secret: string;
}

/** Texts and places, joined. */
export interface TextPlace {
  readonly $text: readonly (string | ReadPlace)[];
}
