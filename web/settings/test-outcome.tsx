/** How Skyward answered when it was asked with an address, a key and a secret. */
import type { ConnectionTest } from '../../src/contract/districts/district-information.ts';

/** What Skyward answered, and what to do about it. */
export function TestOutcome({ outcome }: { readonly outcome: ConnectionTest }) {
  if (outcome.kind === 'works') {
    return (
      <span
        className="test-outcome"
        data-tone={outcome.problems.length === 0 ? 'works' : 'problem'}
      >
        The connection works
        {outcome.districtName !== null && `: Skyward answered for ${outcome.districtName}`}.{' '}
        {outcome.summary}
        {outcome.problems.map((problem) => (
          <strong key={problem}> {problem}</strong>
        ))}
      </span>
    );
  }
  return (
    <span className="test-outcome" data-tone="problem">
      <strong>{outcome.message}</strong> {outcome.advice}
    </span>
  );
}
