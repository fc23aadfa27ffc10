import { useEffect, useState } from "react";

/** How long nobody has to type before the server is asked, in milliseconds. */
const PAUSE = 120;

/** The text once nobody has typed for a moment. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), text === "" ? 0 : PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
