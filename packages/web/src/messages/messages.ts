/** @module The language in use, and its messages. */
import { computed, effect, signal } from '@preact/signals';
import { keep, recall } from '../state/device-storage.ts';
import { en, type Messages } from './en.ts';
import { ko } from './ko.ts';

export const LANGUAGES = { en, ko } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = 'latent-dogs/language';

/** The first of the visitor's languages that the page has, or English. */
function preferredLanguage(languages: readonly string[]): Language {
  for (const language of languages) {
    const code = language.toLowerCase().split('-')[0]!;
    if (code in LANGUAGES) return code as Language;
  }
  return 'en';
}

export const language = signal<Language>('en');
export const messages = computed<Messages>(() => LANGUAGES[language.value]);

/** Chooses the visitor's language, and keeps the document's `lang` up to date. */
export function startLanguage(): void {
  const kept = recall(KEY);
  language.value = preferredLanguage(kept === null ? navigator.languages : [kept]);
  effect(() => {
    document.documentElement.lang = language.value;
  });
}

export function chooseLanguage(choice: Language): void {
  language.value = choice;
  keep(KEY, choice);
}
