// Server-sent events over fetch, because EventSource cannot send the access token.

/**
 * Reads the stream until it ends and returns the status. `heard` gets name, id and data of each event, with an empty name
 * for the beginning and for heartbeats; when it answers false the stream is left.
 */
export async function follow(path, token, last, heard) {
  const headers = { accept: "text/event-stream", authorization: `Bearer ${token}` };
  if (last) headers["last-event-id"] = last;
  const answer = await fetch(path, { headers, cache: "no-store", credentials: "same-origin" });
  if (!answer.ok || !answer.body) return answer.status;
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return answer.status;
    text += decoder.decode(value, { stream: true });
    const events = text.split("\n\n");
    text = events.pop();
    for (const event of events) {
      const lines = event.split("\n");
      const field = (name) => lines.find((line) => line.startsWith(name))?.slice(name.length) ?? "";
      if (!heard(field("event: "), field("id: "), field("data: "))) {
        await reader.cancel();
        return answer.status;
      }
    }
  }
}
