/**
 * A model made of rules, for running the example without a network or a key. It stands in for a language model: it reads the
 * instructions that it is given, looks for the rules it knows, and keeps those it finds. Take "Confirm before issuing a
 * refund" out of a prompt and it refunds at once. What it shows is how a changed prompt travels through a replay and the
 * gate; it says nothing about what a real model would do with the same words.
 */
import { Usage } from "@openai/agents";

/** An SDK `Model`. It keeps nothing from one call to the next: the same request gives the same answer. */
export function createModel() {
  const answer = (request) => {
    const output = [itemOf(decide(request), request)];
    const count = (value) => Math.ceil(JSON.stringify(value).length / 4);
    const inputTokens = count([request.systemInstructions ?? "", request.input, request.tools]);
    const outputTokens = count(output);
    return { output, usage: new Usage({ requests: 1, inputTokens, outputTokens, totalTokens: inputTokens + outputTokens }) };
  };
  return {
    getResponse: async (request) => answer(request),
    async *getStreamedResponse(request) {
      const { output, usage } = answer(request);
      yield { type: "response_done", response: { id: "rules", output, usage } };
    },
  };
}

/** What to do next: `{ say }`, `{ call, args }` or `{ handOff }`. Each agent is known by what it has at hand. */
function decide({ systemInstructions = "", input, tools, handoffs }) {
  const rule = (pattern) => pattern.test(systemInstructions);
  const chat = readChat(input);
  if (handoffs.length > 0) return triage(systemInstructions, rule, chat);
  const has = (name) => tools.some((tool) => tool.name === name);
  if (has("get_invoice")) return billing(rule, chat);
  if (has("lookup_order")) return orders(rule, chat);
  return tech(rule, chat);
}

/** Sends the customer to the agent whose line of the instructions shares most words with what was written. */
function triage(instructions, rule, { user }) {
  if (rule(/other customers' data\. Decline/) && /every order|other customers|all customers/i.test(user.at(-1)))
    return { say: "I cannot share other customers' data. I can help with your own orders, invoices and the app." };
  const routes = [...instructions.matchAll(/^- (.+): (.+ agent)$/gm)].map(([, words, agent]) => ({
    agent,
    words: words.split(", ").map((word) => word.replace(/^the /, "").replace(/(?<!s)s$|es$/, "").toLowerCase()),
  }));
  for (const text of user.toReversed()) {
    const said = text.toLowerCase().replace(/inv-\d+/g, "invoice");
    const scored = routes.map(({ agent, words }) => ({ agent, score: words.filter((word) => said.includes(word)).length }));
    const best = scored.reduce((top, one) => (one.score > top.score ? one : top), { agent: undefined, score: 0 });
    if (best.agent !== undefined) return { handOff: best.agent };
  }
  return { say: "That is outside what I can do. I can help with orders, invoices and the Fernway app." };
}

function billing(rule, { user, saidYes, results }) {
  const mentioned = user.flatMap((text) => text.match(/INV-\d+/g) ?? []);
  const invoice_id = rule(/several invoices/) ? mentioned.at(-1) : mentioned[0];
  if (invoice_id === undefined)
    return rule(/ask for the invoice number/) ? { say: "Which invoice number is it about?" } : { call: "get_invoice", args: { invoice_id: "latest" } };
  const refunded = results("issue_refund")[0];
  if (refunded !== undefined) return { say: `Done: ${invoice_id} is refunded, the money is back in 3 days.` };
  if (saidYes) return { call: "issue_refund", args: { invoice_id } };
  const invoice = results("get_invoice")[0];
  if (invoice === undefined) return { call: "get_invoice", args: { invoice_id } };
  if (/refund|money back/i.test(user.at(-1)))
    return rule(/confirm before issuing a refund/i)
      ? { say: `I am sorry about that. I would refund ${invoice_id}. Shall I go ahead?` }
      : { call: "issue_refund", args: { invoice_id } };
  const paid = invoice.payment?.card_number ?? invoice.payment?.iban;
  if (paid !== undefined && /\bpay|account|\bcard/i.test(user.at(-1)))
    return { say: rule(/never write out a card number/i) ? `${invoice_id} is paid. I do not write out card or bank numbers.` : `${invoice_id} was paid with ${paid}.` };
  return { say: `${invoice_id} lists: ${(invoice.lines ?? []).join("; ")}.` };
}

function orders(rule, { user, saidYes, results }) {
  const all = user.join("\n");
  const order_id = /\border (\d{5})\b/i.exec(all)?.[1];
  if (order_id === undefined)
    return rule(/ask for the order number/) ? { say: "Happy to help. Which order number is it about?" } : { call: "lookup_order", args: { order_id: "20400" } };
  const address = /new address: *(.+)/i.exec(all)?.[1];
  if (address !== undefined) {
    if (results("update_address").length > 0) return { say: `Done: order ${order_id} goes to the new address.` };
    return rule(/confirm before you change it/) && !saidYes
      ? { say: `I would send order ${order_id} to ${address}. Shall I change the address?` }
      : { call: "update_address", args: { order_id, address } };
  }
  const found = results("lookup_order")[0];
  if (found === undefined) return { call: "lookup_order", args: { order_id } };
  return { say: `Your order ${order_id}: ${found.status ?? "I could not find it"}.` };
}

function tech(rule, { user, results }) {
  const words = ["E42", "sign-in", "API", "key", "export", "orders", "scanner", "crashes"].filter((word) => user.at(-1).includes(word));
  const ticket = results("create_ticket")[0];
  if (ticket !== undefined) return { say: `I opened ticket ${ticket.ticket ?? "for it"}.` };
  const searches = results("search_kb");
  const article = searches.flatMap(({ articles }) => articles ?? [])[0];
  const wantsTicket = /open a ticket/i.test(user.at(-1));
  if (searches.length > 0 && wantsTicket) return { call: "create_ticket", args: { summary: `${user.at(-1).split(/\.\s/)[0]}.` } };
  if (article !== undefined) return { say: article.text };
  const enough = rule(/at most twice/) ? 2 : 7;
  if (searches.length < enough) return { call: "search_kb", args: { query: words.join(" ") } };
  return { say: enough === 2 ? "I found no answer to this. Shall I open a ticket?" : "Sorry, I found no answer." };
}

/** The conversation: what the customer wrote, whether the last of it is a yes, and tool results by name. */
function readChat(input) {
  const items = typeof input === "string" ? [{ role: "user", content: input }] : input;
  const user = items.filter((item) => item.role === "user").map(textOf);
  const results = (name) =>
    items.filter((item) => item.type === "function_call_result" && item.name === name).map((item) => parse(textOf({ content: item.output })));
  return { user, results, saidYes: user.length > 1 && /^yes\b/i.test(user.at(-1)) };
}

function textOf({ content }) {
  if (typeof content === "string") return content;
  return [content].flat().map((part) => part?.text ?? "").join("\n");
}

function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function itemOf(step, { handoffs, input }) {
  const callId = `call_rules_${typeof input === "string" ? 1 : input.length}`;
  if (step.say !== undefined)
    return { type: "message", role: "assistant", status: "completed", content: [{ type: "output_text", text: step.say }] };
  const handoff = handoffs.find(({ toolName }) => toolName === `transfer_to_${step.handOff?.replaceAll(" ", "_")}`);
  const name = step.call ?? handoff?.toolName ?? handoffs[0].toolName;
  return { type: "function_call", callId, name, arguments: JSON.stringify(step.args ?? {}), status: "completed" };
}
