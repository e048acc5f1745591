/** @module All other settings, generated from the table that `pnpm train` has its options from. */
import { type Setting, type SettingName, settings } from '@latent-dogs/dcgan/settings';
import { language } from '../../messages/messages.ts';
import { studioMessages } from '../messages/messages.ts';
import { change, changes, planned, problem, shownSettings } from '../state/plan.ts';
import { Measure } from './measure.tsx';

/** `lrG` -> `lr-g`, as on the command line. */
const optionName = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function Field({ name, value }: { name: SettingName; value: unknown }) {
  const { legal, nullable }: Setting<unknown> = settings[name];
  const id = `setting-${name}`;
  const set = (next: unknown) => change(name, next);
  const about = { id, 'aria-describedby': `${id}-help` };
  switch (legal.type) {
    case 'number':
      return (
        <input
          {...about}
          type="number"
          min={legal.min}
          max={legal.max}
          step={legal.whole ? 1 : 'any'}
          value={value === null ? '' : String(value)}
          onChange={({ currentTarget: { value: written, valueAsNumber } }) =>
            set(written === '' && nullable ? null : valueAsNumber)
          }
        />
      );
    case 'choice':
      return (
        <select
          {...about}
          value={String(value)}
          onChange={({ currentTarget }) => set(legal.words.find((word) => String(word) === currentTarget.value))}
        >
          {legal.words.map((word) => (
            <option key={word} value={String(word)}>
              {word}
            </option>
          ))}
        </select>
      );
    case 'list':
      return (
        <fieldset class="list" aria-labelledby={`${id}-label`}>
          {legal.words.map((word) => (
            <label key={word}>
              <input
                type="checkbox"
                checked={(value as string[]).includes(word)}
                onChange={({ currentTarget: { checked } }) =>
                  set(legal.words.filter((other) => (other === word ? checked : (value as string[]).includes(other))))
                }
              />
              {word}
            </label>
          ))}
        </fieldset>
      );
    case 'switch':
      return (
        <input
          {...about}
          type="checkbox"
          checked={value === true}
          onChange={({ currentTarget }) => set(currentTarget.checked)}
        />
      );
    case 'path':
      return null;
  }
}

export function Advanced() {
  const text = studioMessages.value;
  const config = planned.value;
  if (!config) return null;
  const wrong = problem.value;
  return (
    <details class="advanced" open={wrong !== null || undefined}>
      <summary>{text.advanced}</summary>
      <p class="hint">{text.advancedHelp}</p>
      <button
        type="button"
        class="quiet"
        disabled={Object.keys(changes.value).length === 0}
        onClick={() => {
          changes.value = {};
        }}
      >
        {text.resetSettings}
      </button>
      <div class="settings" lang="en">
        {shownSettings.value.map((name) => (
          <div key={name} class={name in changes.value ? 'setting changed' : 'setting'}>
            <label
              id={`setting-${name}-label`}
              for={settings[name].legal.type === 'list' ? undefined : `setting-${name}`}
            >
              {optionName(name)}
            </label>
            <Field name={name} value={config[name]} />
            <small id={`setting-${name}-help`} lang={text.settingHelp[name] && language.value}>
              {text.settingHelp[name] ?? settings[name].help}
            </small>
            {wrong?.name === name && (
              <p class="problem" role="alert">
                {text.illegal(wrong.legal)}
              </p>
            )}
          </div>
        ))}
      </div>
      <Measure />
    </details>
  );
}
