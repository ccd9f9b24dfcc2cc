export interface Scores {
  /** How well two fit; 0 when they do not. */
  readonly match: (left: number, right: number) => number;
  /** What it costs to leave one out, 0 or less. */
  readonly skipLeft: (left: number) => number;
  readonly skipRight: (right: number) => number;
  /** Nothing is lost by leaving out what is on the right before the first pair. */
  readonly freeStart: boolean;
}

const mostCells = 4_000_000;

/**
 * Pairs two sequences in order so that the sum of the scores is greatest, and gives only those pairs which every such pairing has:
 * where there are two ways to see it, there is no pair.
 */
export function align(lefts: number, rights: number, scores: Scores): ReadonlyMap<number, number> {
  if (lefts * rights > mostCells) return new Map();
  const fromStart = table(lefts, rights, scores, false);
  const fromEnd = table(lefts, rights, scores, true);
  const best = fromStart.at(lefts, rights);
  const partners = new Map<number, number[]>();
  const uses = new Map<number, number>();
  const skippable = new Set<number>();
  for (let left = 0; left < lefts; left++) {
    for (let right = 0; right <= rights; right++) {
      const before = fromStart.at(left, right);
      if (before + scores.skipLeft(left) + fromEnd.at(left + 1, right) === best) skippable.add(left);
      if (right === rights) continue;
      const score = scores.match(left, right);
      if (score <= 0 || before + score + fromEnd.at(left + 1, right + 1) !== best) continue;
      partners.set(left, [...(partners.get(left) ?? []), right]);
      uses.set(right, (uses.get(right) ?? 0) + 1);
    }
  }
  const pairs = new Map<number, number>();
  for (const [left, [right, other]] of partners) {
    if (right === undefined || other !== undefined || uses.get(right) !== 1 || skippable.has(left)) continue;
    pairs.set(left, right);
  }
  return pairs;
}

interface Table {
  /** The best sum for the first `left` and `right` of them, or for all from there on. */
  at(left: number, right: number): number;
}

function table(lefts: number, rights: number, scores: Scores, backwards: boolean): Table {
  const width = rights + 1;
  const cells = new Float64Array((lefts + 1) * width);
  const at = (left: number, right: number): number => cells[left * width + right] ?? 0;
  const step = backwards ? -1 : 1;
  const order = (count: number): number[] => {
    const all = Array.from({ length: count + 1 }, (_, index) => index);
    return backwards ? all.reverse() : all;
  };
  const [firstLeft, firstRight] = backwards ? [lefts, rights] : [0, 0];
  const rightsInOrder = order(rights);
  for (const left of order(lefts)) {
    for (const right of rightsInOrder) {
      if (left === firstLeft && right === firstRight) continue;
      let best = Number.NEGATIVE_INFINITY;
      // Which of them lies between this cell and the one it is reached from.
      const [usedLeft, usedRight] = backwards ? [left, right] : [left - 1, right - 1];
      if (left !== firstLeft) best = Math.max(best, at(left - step, right) + scores.skipLeft(usedLeft));
      if (right !== firstRight) {
        // Before the first pair: no left one has been passed yet.
        const isFree = scores.freeStart && left === 0;
        best = Math.max(best, at(left, right - step) + (isFree ? 0 : scores.skipRight(usedRight)));
      }
      if (left !== firstLeft && right !== firstRight) {
        const score = scores.match(usedLeft, usedRight);
        if (score > 0) best = Math.max(best, at(left - step, right - step) + score);
      }
      cells[left * width + right] = best;
    }
  }
  return { at };
}
