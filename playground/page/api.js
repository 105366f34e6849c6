/** The control API of the emulator. Every call gives the decoded answer or throws an Error with its sentence. */

async function call(path, options) {
  const response = await fetch(`/emulator${path}`, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

function post(path, body) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export const getPeople = () => call("/people");
export const getChat = (id) => call(`/people/${id}`);
export const waitForEvents = (after) => call(`/events?after=${after}&timeout=25`);
export const sendText = (id, text) => post(`/people/${id}/text`, { text });
export const press = (id, messageId, data) => post(`/people/${id}/press`, { message_id: messageId, data });
