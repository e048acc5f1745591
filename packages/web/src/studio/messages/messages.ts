/** @module The Studio's messages in the language in use. */
import { computed } from '@preact/signals';
import { language } from '../../messages/messages.ts';
import { en, type StudioMessages } from './en.ts';
import { ko } from './ko.ts';

export const studioMessages = computed<StudioMessages>(() => ({ en, ko })[language.value]);
