import type { Compose } from '../model/compose.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { Problem, Severity } from '../text/problem.ts';

export type Category = 'correctness' | 'security' | 'reproducibility' | 'size' | 'reliability' | 'style';

/** `recommended` is what a user gets without asking; `strict` adds opinions; a rule in neither is only in `all`. */
export type Preset = 'recommended' | 'strict' | 'all';

export interface Rule<Model, Spec extends OptionSpec = OptionSpec> {
  /** Kebab-case, unique over all languages, and the name of the file. */
  readonly id: string;
  /** One sentence that says what to do. */
  readonly summary: string;
  /** Markdown: what goes wrong without the rule, for whom. */
  readonly why: string;
  readonly category: Category;
  readonly severity: Severity;
  /** The first preset that has the rule; `recommended` when left out. */
  readonly preset?: Preset;
  /** The same check in other linters as `tool:ID`; honoured in their ignore comments. */
  readonly aliases?: readonly string[];
  /** Shown faded out, or struck through. */
  readonly tag?: 'unnecessary' | 'deprecated';
  readonly options?: Spec;
  /** Files around the examples below, by path relative to the file. */
  readonly files?: Readonly<Record<string, string>>;
  /** Drawn source: problems underlined, fixes after `=>`. The docs print it, the tests run it. */
  readonly bad: string;
  readonly good: string;
  check(model: Model, options: OptionsOf<Spec>): Iterable<Problem>;
}

interface OptionTypes {
  boolean: boolean;
  number: number;
  string: string;
  strings: readonly string[];
}
type Option = {
  [K in keyof OptionTypes]: { readonly type: K; readonly default: OptionTypes[K]; readonly description: string };
}[keyof OptionTypes];
export type OptionSpec = Readonly<Record<string, Option>>;
export type OptionsOf<Spec extends OptionSpec> = { readonly [K in keyof Spec]: OptionTypes[Spec[K]['type']] };
type NoOptions = Readonly<Record<never, Option>>;

export const dockerfileRule = <const Spec extends OptionSpec = NoOptions>(
  rule: Rule<Dockerfile, Spec>,
): Rule<Dockerfile, Spec> => rule;
export const composeRule = <const Spec extends OptionSpec = NoOptions>(
  rule: Rule<Compose, Spec>,
): Rule<Compose, Spec> => rule;
