/** The product's name, which the session carries; before signing in the usual one. */
import { useQuery } from '@tanstack/react-query';

import { defaultProductName } from '../../src/contract/product-name.ts';
import { sessionQuery } from './session-query.ts';

export function useProductName(): string {
  const { data: session } = useQuery({ ...sessionQuery, enabled: false });
  return session?.product ?? defaultProductName;
}
