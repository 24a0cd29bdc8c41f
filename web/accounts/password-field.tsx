/** A password field with a button that shows the password. */
import { PasswordInput } from '@mantine/core';

interface PasswordFieldProps {
  readonly label: string;
  readonly name: string;
  /** `new`: 12 characters or more, which the browser may suggest and store. */
  readonly kind: 'current' | 'new';
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly description?: string;
}

export function PasswordField({
  label,
  name,
  kind,
  value,
  onChange,
  description,
}: PasswordFieldProps) {
  return (
    <PasswordInput
      label={label}
      name={name}
      autoComplete={kind === 'new' ? 'new-password' : 'current-password'}
      {...(kind === 'new' && {
        minLength: 12,
        description: description ?? '12 characters or more; a few words are easy to remember.',
      })}
      maxLength={128}
      required
      withAsterisk={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      visibilityToggleButtonProps={{ 'aria-label': 'Show password', tabIndex: 0 }}
    />
  );
}
