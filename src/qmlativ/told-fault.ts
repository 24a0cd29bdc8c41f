/** Faults on their way from thread to thread: copying an error loses its kind and whatever it has of its own. */
import { QmlativError, type QmlativErrorCode, type QmlativPlace } from './http/qmlativ-error.ts';

/** A fault as it can be copied. */
export type ToldFault =
  | {
      readonly kind: 'qmlativ';
      readonly code: QmlativErrorCode;
      readonly words: string;
      readonly place: QmlativPlace;
      readonly advice: string;
      readonly cause: ToldFault | undefined;
    }
  | {
      readonly kind: 'other';
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      readonly code: string | undefined;
    };

/** Puts a fault into words that can be copied. */
export function tellFault(fault: unknown): ToldFault {
  if (fault instanceof QmlativError) {
    const { code, messageWithoutPlace: words, place, advice, cause } = fault;
    const told = cause === undefined ? undefined : tellFault(cause);
    return { kind: 'qmlativ', code, words, place, advice, cause: told };
  }
  const error = fault instanceof Error ? fault : new Error('Something other than an error');
  const code = 'code' in error ? String(error.code) : undefined;
  const { name, message, stack } = error;
  return { kind: 'other', name, message, stack, code };
}

/** The fault that was told. */
export function faultOf(told: ToldFault): Error {
  if (told.kind === 'qmlativ') {
    const { code, words, place, advice, cause } = told;
    const by = cause === undefined ? {} : { cause: faultOf(cause) };
    return new QmlativError(code, words, { place, advice, ...by });
  }
  const { name, message, stack, code } = told;
  return Object.assign(
    new Error(message),
    { name },
    stack === undefined ? {} : { stack },
    code === undefined ? {} : { code },
  );
}
