/** A real OpenID provider with invented people, for the tests of single sign-on. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Provider } from 'oidc-provider';

/** Somebody whom the provider knows; the sign-in page takes the id alone. */
export interface ProviderPerson {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

export interface TestProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  close(): Promise<void>;
}

export interface TestProviderOptions {
  readonly people: readonly ProviderPerson[];
  readonly redirectUri: string;
  /** How the secret is to be sent: in the header unless told. */
  readonly secretIn?: 'header' | 'form';
}

/** Listens at a free port of this machine, over plain http. Its own pages ask for name and consent. */
export async function startOpenIdProvider({
  people,
  redirectUri,
  secretIn = 'header',
}: TestProviderOptions): Promise<TestProvider> {
  const server = createServer();
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientId = 'daybreak';
  const clientSecret = 'a secret: with + and % in it';
  const method = secretIn === 'header' ? 'client_secret_basic' : 'client_secret_post';
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: method,
      },
    ],
    clientAuthMethods: [method],
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context, id) => {
      const person = people.find(({ sub }) => sub === id);
      return person && { accountId: id, claims: () => ({ ...person }) };
    },
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => void answer(request, response));
  return {
    issuer,
    clientId,
    clientSecret,
    close: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}
