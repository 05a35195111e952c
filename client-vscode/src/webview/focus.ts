// Where the keyboard's focus goes when it is nowhere, so that one can go on typing.

import { useEffect, useLayoutEffect } from 'preact/hooks';

/** What one is most likely to go on with: choosing, writing, or what there is in place of writing. */
const HOME = '.picker input, .composer textarea, .composer.closed > .button, .unopened .button';

/**
 * What is pressed often goes by what it does; and a panel that is opened or turned to begins in its message. Never
 * while the focus is outside of the panel: what somebody types in a file must not get into the chat.
 */
export function useFocusHome(): void {
  useLayoutEffect(focusHome); // after each change
  useEffect(() => {
    window.addEventListener('focus', focusHome);
    return () => window.removeEventListener('focus', focusHome);
  }, []);
}

function focusHome(): void {
  const active = document.activeElement;
  const somewhere = active !== null && active !== document.body && !active.matches(':disabled');
  const marking = getSelection()?.type === 'Range'; // text to copy: it would be unmarked
  if (document.hasFocus() && !somewhere && !marking) document.querySelector<HTMLElement>(HOME)?.focus();
}
