/** The card in the middle of the window that all screens before sign-in use. */
import './accounts.css';

import { Alert, Paper, Stack } from '@mantine/core';
import type { ReactNode } from 'react';

import { ApiError } from '../api/api-client.ts';
import { BrandMark } from '../shell/icons.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { useProductName } from './product-name.ts';

interface SignInCardProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** Brand, heading, content. */
export function SignInCard({ title, children }: SignInCardProps) {
  return (
    <main className="sign-in">
      <Paper withBorder shadow="sm" p="xl" radius="lg" className="sign-in-card">
        <Stack gap="md">
          <div className="sign-in-brand">
            <BrandMark />
            <span>{useProductName()}</span>
          </div>
          <ScreenTitle name={title}>{title}</ScreenTitle>
          {children}
        </Stack>
      </Paper>
    </main>
  );
}

/** An error with the server's message, announced to screen readers. */
export function ErrorMessage({ error }: { readonly error: Error }) {
  const known = error instanceof ApiError ? error : undefined;
  return (
    <Alert color="red" role="alert" title={known?.message ?? 'Something went wrong.'}>
      {known?.advice ?? 'Try again.'}
    </Alert>
  );
}
