/** The safety limits of imports: a row for each, with the district's own thresholds and the defaults. */
import { Button, NumberInput, type NumberInputProps, Table, Text } from '@mantine/core';
import { useState } from 'react';

import {
  type LimitKey,
  limitKeys,
  type LimitOverrides,
  type LimitScope,
  safetyLimits,
  type Threshold,
  thresholdOf,
  withThreshold,
} from '../../src/contract/safety-limits.ts';
import { describeThreshold, toPercent } from './limit-texts.ts';

interface LimitTableProps {
  readonly own: LimitOverrides;
  readonly onChange: (own: LimitOverrides) => void;
}

const scopeLabels: Readonly<Record<LimitScope, string>> = {
  district: 'Whole district',
  school: 'Each school',
};
const scopes = Object.keys(scopeLabels) as readonly LimitScope[];

export const LimitTable = ({ own, onChange }: LimitTableProps) => (
  <section className="safety-limits" aria-labelledby="safety-limits-title">
    <h2 id="safety-limits-title">Safety limits</h2>
    <p>
      An import is put on hold for review if it would change more than the percentage, and at least
      the number. In a small district or school, more than half and at least five are enough.
    </p>
    <Table className="limit-table" aria-labelledby="safety-limits-title">
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">What is counted</Table.Th>
          {scopes.map((scope) => (
            <Table.Th scope="col" key={scope}>
              {scopeLabels[scope]}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {limitKeys.map((limit) => (
          <Table.Tr key={limit}>
            <Table.Th scope="row">
              {safetyLimits[limit].label}
              <Text size="sm" c="dimmed">
                {safetyLimits[limit].explanation}
              </Text>
            </Table.Th>
            {scopes.map((scope) => (
              <Table.Td key={scope} data-label={scopeLabels[scope]}>
                <ThresholdFields {...{ own, onChange, limit, scope }} />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </section>
);

interface ThresholdFieldsProps extends LimitTableProps {
  readonly limit: LimitKey;
  readonly scope: LimitScope;
}

function ThresholdFields({ own, onChange, limit, scope }: ThresholdFieldsProps) {
  const normal = safetyLimits[limit][scope];
  const threshold = thresholdOf(limit, scope, own);
  if (normal === null || threshold === null) return <span className="quiet">Not checked</span>;
  const change = (part: Partial<Threshold>) =>
    onChange(withThreshold(own, limit, scope, { ...threshold, ...part }));
  const name = `${safetyLimits[limit].label}, ${scopeLabels[scope].toLowerCase()}`;
  return (
    <div className="threshold">
      <LimitInput
        aria-label={`${name}: more than this percentage`}
        suffix="%"
        min={0.1}
        max={100}
        decimalScale={1}
        value={toPercent(threshold.share)}
        onValue={(percent) => change({ share: percent / 100 })}
      />
      <LimitInput
        aria-label={`${name}: at least this many`}
        prefix="≥ "
        min={1}
        max={1_000_000}
        allowDecimal={false}
        value={threshold.minimum}
        onValue={(minimum) => change({ minimum })}
      />
      {own[limit]?.[scope] !== undefined && (
        <div className="threshold-default">
          <span className="quiet">Default: {describeThreshold(normal)}</span>
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={`Reset ${name}`}
            onClick={() => change(normal)}
          >
            Reset
          </Button>
        </div>
      )}
    </div>
  );
}

interface LimitInputProps extends Omit<NumberInputProps, 'value' | 'onChange'> {
  readonly value: number;
  readonly onValue: (value: number) => void;
}

/** Keeps what is being typed, such as `0.` on the way to `0.5`, as long as it means the value. */
function LimitInput({ value, onValue, ...props }: LimitInputProps) {
  const [typed, setTyped] = useState<string | number>(value);
  return (
    <NumberInput
      {...props}
      allowNegative={false}
      hideControls
      required
      value={Number(typed) === value ? typed : value}
      onChange={(next) => {
        setTyped(next);
        onValue(Number(next));
      }}
    />
  );
}
