/** Tells the stage of each instruction, where they come one by one. */
export class StageNames {
  #count = 0;
  #current: string | undefined;
  /** Of the stage. */
  #index = 0;

  next(instruction: string): { readonly stage?: string; readonly index: number } {
    const from = /^FROM\b(?:.*\sAS\s+(\S+)\s*$)?/is.exec(instruction);
    if (from) {
      this.#index = 0;
      // Of a first stage without a name, only what follows would tell whether it is the only one.
      this.#current = from[1]?.toLowerCase() ?? (this.#count === 0 ? undefined : `stage-${this.#count}`);
      this.#count++;
    }
    this.#index++;
    return { ...(this.#current !== undefined && { stage: this.#current }), index: this.#index };
  }
}
