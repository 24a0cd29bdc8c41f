/** Messages for a failed single sign-on. */
import type { SingleSignOnProblem } from '../../src/contract/accounts/single-sign-on.ts';

export const singleSignOnProblemSentences: Readonly<Record<SingleSignOnProblem, string>> = {
  'not-available': 'Your district does not use single sign-on. Sign in with your password.',
  'provider-error':
    'Your district’s sign-in service did not respond as expected. Try again, or contact your administrator.',
  cancelled: 'Sign-in was canceled. You can try again.',
  expired: 'Signing in took too long, or continued in another window. Try again.',
  'other-provider':
    'The response did not come from your district’s sign-in service, so you were not signed in. Try again; if it happens again, contact your administrator.',
  'wrong-domain':
    'The e-mail address of your district account does not belong to the district’s domain.',
  'not-verified':
    'Your district has not verified your e-mail address. Contact your administrator, who can change that.',
  'unknown-user': 'You do not have an account yet. Contact an administrator of your district.',
  'other-identity':
    'This e-mail address belonged to another user before. Contact an administrator of your district.',
  'other-account':
    'You signed in with another account of your district. Use the account that is signed in here.',
  'not-recent':
    'Your district did not confirm that you just signed in. If this happens again, ask support to make the change.',
  'account-suspended':
    'This account is suspended. An administrator of your district can reactivate it.',
};
