import { expect, test } from 'vitest';
import { stepsOf } from './plan_steps';

const operation = { n: 1, kind: 'assign', state: 'active' as const, body: {}, was: null, effect: null };
const plan = { status: 'draft' as const, operations: [operation], needs_approval: false, reverted_by: null };
const coordinator = { coordinator: true, approver: false, author: true }, approver = { coordinator: false, approver: true, author: false };

test('one person applies what only hands over a post', () => {
  expect(stepsOf(plan, coordinator)).toEqual(['undo', 'schedule', 'apply', 'withdraw']);
});
test('what needs a second person is approved by somebody else, and only then applied', () => {
  const moved = { ...plan, needs_approval: true };
  expect(stepsOf(moved, coordinator)).toEqual(['undo', 'withdraw']);
  expect(stepsOf(moved, { ...approver, author: true })).toEqual([]);
  expect(stepsOf(moved, approver)).toEqual(['approve']);
  expect(stepsOf({ ...moved, status: 'approved' }, approver)).toEqual(['schedule', 'apply']);
});
test('an applied plan is taken back once, by a coordinator; a leader only looks', () => {
  expect(stepsOf({ ...plan, status: 'applied' }, coordinator)).toEqual(['revert']);
  expect(stepsOf({ ...plan, status: 'applied', reverted_by: 'x' }, coordinator)).toEqual([]);
  expect(stepsOf(plan, { coordinator: false, approver: false, author: false })).toEqual([]);
});
