/** Backup codes, shown once, with a button to copy them. */
import { Button, Text } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';

export function BackupCodes({ codes }: { readonly codes: readonly string[] }) {
  const clipboard = useClipboard();
  return (
    <div className="backup-codes">
      <Text size="sm">
        Store these backup codes in a safe place. Each signs you in once when your phone is not at
        hand. They are not shown again.
      </Text>
      <ul aria-label="Backup codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => clipboard.copy(codes.join('\n'))}
        aria-live="polite"
      >
        {clipboard.copied ? 'Copied' : 'Copy codes'}
      </Button>
    </div>
  );
}
