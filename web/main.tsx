/**
 * Starts the web app.
 *
 * This folder is the React app; its folders are named as in `src`.
 */
import './styles.ts';

import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { ApiError } from './api/api-client.ts';
import { createAppRouter } from './router.tsx';
import { NoticeProvider } from './shell/notices.tsx';
import { theme } from './theme.ts';

/** Retries requests only if the server could not be reached. */
const isWorthRetrying = (failures: number, error: Error): boolean =>
  failures < 2 && error instanceof ApiError && error.code === 'unreachable';

const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, retry: isWorthRetrying } },
});
const router = createAppRouter(queries);

const root = document.querySelector('#root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <NoticeProvider>
            <RouterProvider router={router} />
          </NoticeProvider>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
