import { composeRules } from '../../server/src/rules/index.ts';
import { checkExamples } from '../rule-tester.ts';
import { build } from './check-compose.ts';

for (const rule of composeRules) checkExamples(rule, build);
