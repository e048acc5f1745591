/** Whether step 1, 2, … has the gradient penalty: the first of every `r1Every` steps; never if R1 is off. */
export const isPenalised = ({ r1, r1Every }: { r1: number; r1Every: number }, step: number): boolean =>
  r1 > 0 && (step - 1) % r1Every === 0;
