/** The result of testing an address, a key and a secret with Skyward. */
import type { ConnectionTest } from '../../src/contract/districts/district-information.ts';

export function TestOutcome({ outcome }: { readonly outcome: ConnectionTest }) {
  if (outcome.kind === 'works') {
    return (
      <span
        className="test-outcome"
        data-tone={outcome.problems.length === 0 ? 'works' : 'problem'}
      >
        The connection works
        {outcome.districtName !== null && ` for ${outcome.districtName}`}. {outcome.summary}
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
