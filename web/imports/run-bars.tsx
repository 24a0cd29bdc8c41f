/** Labels with amounts and bars. */

interface BarsProps {
  readonly rows: readonly { readonly label: string; readonly amount: number }[];
  readonly format: (amount: number) => string;
}

export function Bars({ rows, format }: BarsProps) {
  const largest = Math.max(0.001, ...rows.map(({ amount }) => amount));
  return (
    <dl className="bars">
      {rows.map(({ label, amount }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{format(amount)}</dd>
          <dd aria-hidden className="bar">
            <svg viewBox="0 0 100 4" preserveAspectRatio="none">
              <rect width={Math.max(0.5, (amount / largest) * 100)} height="4" />
            </svg>
          </dd>
        </div>
      ))}
    </dl>
  );
}
