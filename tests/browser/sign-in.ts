/** Signing in for tests that are about something else. */
import type { BrowserContext } from 'playwright-core';

/** Signs in without the sign-in page, which has tests of its own. */
export async function signIn(
  context: BrowserContext,
  url: string,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<void> {
  const response = await context.request.post(`${url}/api/session`, {
    data: { email, password },
    headers: { origin: url },
  });
  if (!response.ok()) throw new Error(`${email} could not sign in: ${response.status()}`);
}
