import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Project } from '../server/src/model/project.ts';
import type { OptionSpec, OptionsOf, Rule } from '../server/src/rules/rule.ts';
import { draw, sourceOf } from '../server/src/text/draw.ts';
import { applyEdits, type Problem } from '../server/src/text/problem.ts';
import { projectOf } from './project-of.ts';

interface Surroundings<Spec extends OptionSpec> {
  readonly options?: Partial<OptionsOf<Spec>>;
  /** Files around the linted one, by path relative to it; those of the rule's own examples when left out. */
  readonly files?: Readonly<Record<string, string>>;
  readonly fileName?: string;
}

type Build<Model> = (text: string, project: Project) => Model;

/** Every case is drawn source: a bad one shows its problems and fixes, a good one shows none. */
export const testerFor =
  <Model>(build: Build<Model>) =>
  <Spec extends OptionSpec>(
    rule: Rule<Model, Spec>,
    cases: readonly string[],
    around: Surroundings<Spec> = {},
  ): void => {
    suite(rule.id, () => {
      for (const written of cases) {
        const drawn = written.replace(/^\n/, '');
        const text = sourceOf(drawn);
        test(text, () => assert.equal(draw(text, problemsOf(rule, build, text, around)), drawn));
      }
    });
  };

/** What a rule's own examples promise: the bad one shows a problem, the good one none, and a fixed one is fixed. */
export function checkExamples<Model>(rule: Rule<Model>, build: Build<Model>): void {
  testerFor(build)(rule, [rule.bad, rule.good]);
  suite(rule.id, () => {
    const text = sourceOf(rule.bad.replace(/^\n/, ''));
    test('reports its bad example', () => assert.notEqual(problemsOf(rule, build, text).length, 0));
    test('accepts its good example', () => assert.equal(sourceOf(rule.good), rule.good));
    test('is content with its own fix', () => {
      const edits = problemsOf(rule, build, text).flatMap((problem) => problem.fix?.edits ?? []);
      if (edits.length === 0) return;
      const left = problemsOf(rule, build, applyEdits(text, edits)).filter((problem) => problem.fix?.edits.length);
      assert.deepEqual(left, []);
    });
  });
}

function problemsOf<Model, Spec extends OptionSpec>(
  rule: Rule<Model, Spec>,
  build: Build<Model>,
  text: string,
  around: Surroundings<Spec> = {},
): readonly Problem[] {
  const project = projectOf(around.files ?? rule.files ?? {}, around.fileName);
  return [...rule.check(build(text, project), { ...defaultsOf(rule), ...around.options } as OptionsOf<Spec>)];
}

function defaultsOf(rule: { readonly options?: OptionSpec }): Record<string, unknown> {
  return Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, option]) => [name, option.default]));
}
