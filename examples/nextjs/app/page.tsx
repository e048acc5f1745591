import { Dog } from './dog';

export default function Page() {
  return (
    <main>
      <h1>Dogs</h1>
      <Dog seed="luna" model="/models/dogs-64/" />
    </main>
  );
}
