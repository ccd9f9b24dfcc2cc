import { dockerfileRules } from '../../server/src/rules/index.ts';
import { checkExamples } from '../rule-tester.ts';
import { build } from './check-dockerfile.ts';

for (const rule of dockerfileRules) checkExamples(rule, build);
