declare const brand: unique symbol;

/** A value that passed one check and says so in its type, so that a tenant can't be handed over as a period. */
export type Branded<Value, Name extends string> = Value & { readonly [brand]: Name };
