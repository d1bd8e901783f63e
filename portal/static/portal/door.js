/* Mufakat: the door on a telephone that loses its line. The page works without this file.
   Names stay in the memory of this page. What waits to be sent is kept in the browser's storage as numbers only:
   a key, a seat, a session, a time. Signing out clears it. */
(function () {
  "use strict";
  var door = document.getElementById("door");
  if (!door) return;
  var said = door.dataset;
  var store = "door:" + said.consultation;
  var pattern = document.getElementById("door-row");
  var rows = document.getElementById("door-rows");
  var field = document.getElementById("door-q");
  var line = document.getElementById("door-line");
  var seats = null;
  var unnamed = [];
  var queue = kept();
  var busy = false;
  var offline = false;
  var asked = 0;
  var last = 0;

  function kept() {
    try { return JSON.parse(localStorage.getItem(store)) || []; } catch (error) { return []; }
  }
  function keep() {
    try {
      if (queue.length) localStorage.setItem(store, JSON.stringify(queue));
      else localStorage.removeItem(store);
    } catch (error) { /* private windows have no storage: the page's memory must do */ }
  }
  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    var bytes = Array.from(crypto.getRandomValues(new Uint8Array(16)), function (byte) { return (byte + 256).toString(16).slice(1); });
    return bytes.join("").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }
  function fold(words) {
    var plain = words.normalize("NFKC").toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f\u200b-\u200f]/g, "");
    return plain.normalize("NFC").trim();
  }

  function tell() {
    var words = offline ? said.offline : queue.length ? "" : asked ? said.sent : said.kept;
    if (queue.length) words += " " + said.waiting + " " + queue.length;
    line.textContent = words.trim();
    line.hidden = false;
  }
  function refused(reason, seat) {
    var list = document.getElementById("door-gone");
    var item = document.createElement("li");
    var found = (seats || []).find(function (one) { return one.id === seat; });
    item.textContent = said.gone + " " + (found ? found.name : "") + " " + reason;
    list.append(item);
    list.hidden = false;
  }
  function signedOut() {
    line.textContent = said.signedOut;
    line.hidden = false;
    var way = document.getElementById("door-sign-in");
    way.hidden = false;
    way.firstElementChild.href = said.signIn;
  }

  /* The list: what holds all the words, or the one whose code it is. */
  function found(typed) {
    var code = typed.replace(/[\s-]/g, "").toUpperCase();
    var exact = seats.filter(function (seat) { return seat.code === code; });
    if (exact.length) return exact;
    var words = fold(typed).split(/\s+/);
    return seats.filter(function (seat) { return holds(seat, words); }).slice(0, 25);
  }
  /* The server's key folds more than a browser can (đ, look-alike letters): what was typed is sought as folded here, too. */
  function holds(one, words) {
    var here = fold([one.name, one.behind, one.about].filter(Boolean).join(" "));
    return words.every(function (word) { return one.key.includes(word) || here.includes(word); });
  }
  function waits(seat) {
    return queue.some(function (one) { return one.seat === seat.id && one.session === said.session; });
  }
  function foundUnnamed(typed) {
    var words = fold(typed).split(/\s+/);
    return unnamed.filter(function (one) { return holds(one, words); }).slice(0, 10);
  }
  function draw() {
    var typed = field.value.trim();
    if (!seats) return;
    /* With nothing typed, who has just come stays in sight: a wrong press is seen, and can be undone under “More”. */
    var just = seats.filter(function (seat) { return seat.id === last; });
    var lines = typed ? found(typed).map(row).concat(foundUnnamed(typed).map(unnamedRow)) : just.map(row);
    rows.replaceChildren.apply(rows, lines);
    var none = document.getElementById("door-none");
    if (none) none.hidden = true;
  }
  function row(seat) {
    var item = pattern.content.firstElementChild.cloneNode(true);
    item.dataset.seat = seat.id;
    ["name", "code", "behind", "about"].forEach(function (part) {
      item.querySelector("[data-" + part + "]").textContent = seat[part];
    });
    var badge = item.querySelector("[data-badge]");
    badge.hidden = !seat.here;
    badge.firstElementChild.textContent = waits(seat) ? said.waits : said.here;
    var form = item.querySelector("form[data-arrive]");
    form.elements.seat.value = seat.id;
    if (seat.here || seat.replaced) form.remove();
    item.querySelector("[data-more]").href = "?q=" + seat.code + (said.session ? "&session=" + said.session : "");
    return item;
  }
  function unnamedRow(one) {
    var item = document.getElementById("door-unnamed").content.firstElementChild.cloneNode(true);
    item.querySelector("[data-name]").textContent = one.name;
    item.querySelector("[data-left]").textContent = one.left;
    var link = item.querySelector("a");
    link.setAttribute("href", link.getAttribute("href") + "?" + one.query);
    return item;
  }
  function load() {
    return fetch(said.list, { redirect: "manual", headers: { Accept: "application/json" } }).then(function (answer) {
      if (!answer.ok) throw new Error("no list");
      return answer.json();
    }).then(function (given) {
      seats = given.seats;
      unnamed = given.unnamed;
      seats.forEach(function (seat) { seat.here = seat.here || waits(seat); });
      offline = false;
      if (document.activeElement === field && field.value) draw();
      tell();
    });
  }

  /* Arrivals: first into the queue, then to the server as soon as there is a line. */
  function arrive(seat) {
    if (queue.some(function (one) { return one.seat === seat && one.session === said.session; })) return;
    queue.push({ key: newKey(), seat: seat, session: said.session, at: new Date().toISOString() });
    keep();
    var there = (seats || []).find(function (one) { return one.id === seat; });
    if (there && !there.here) count(1);
    if (there) there.here = true;
    last = seat;
    field.value = "";
    draw();
    field.focus();
    tell();
    send();
  }
  function count(more) {
    var figure = document.getElementById("door-come");
    figure.textContent = Number(figure.textContent) + more;
  }
  function send() {
    if (busy || !queue.length) return;
    busy = true;
    var batch = queue.slice(0, 200);
    var form = new FormData();
    form.append("csrfmiddlewaretoken", pattern.content.querySelector("[name=csrfmiddlewaretoken]").value);
    form.append("arrivals", JSON.stringify(batch));
    if (said.session) form.append("session", said.session);
    var stop = new AbortController();
    var clock = setTimeout(function () { stop.abort(); }, 10000);
    fetch(said.sync, { method: "POST", body: form, redirect: "manual", signal: stop.signal }).then(function (answer) {
      if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) { signedOut(); return null; }
      if (answer.status >= 500) throw new Error("no answer");
      return answer.json().then(function (given) { settle(answer.ok, given); });
    }).catch(function () {
      offline = true;
      tell();
    }).finally(function () {
      clearTimeout(clock);
      busy = false;
    });
  }
  function settle(ok, given) {
    if (!ok) {
      line.textContent = given.reason;
      line.hidden = false;
      return;
    }
    var settled = {};
    given.receipts.forEach(function (receipt) { settled[receipt.key] = receipt; });
    var sent = queue.filter(function (one) { return settled[one.key]; });
    queue = queue.filter(function (one) { return !settled[one.key]; });
    keep();
    offline = false;
    asked += 1;
    (seats || []).forEach(function (seat) { seat.here = given.here.includes(seat.id) || waits(seat); });
    sent.forEach(function (one) {
      var receipt = settled[one.key];
      if (receipt.outcome === "refused" || receipt.outcome === "unknown") refused(receipt.reason, one.seat);
    });
    draw();
    tell();
    setTimeout(send, 0);
  }

  door.addEventListener("submit", function (event) {
    if (event.target.id === "door-search" && seats) {
      event.preventDefault();
      draw();
    }
    if (!event.target.matches("form[data-arrive]") || !seats) return;
    event.preventDefault();
    event.stopPropagation(); /* “one press, one answer” is the queue's business here */
    arrive(Number(event.target.elements.seat.value));
  });
  field.addEventListener("input", draw);
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href]");
    if (!link || link.matches("[data-leave]") || !(offline || !navigator.onLine)) return;
    event.preventDefault();
    line.textContent = said.stay;
    line.hidden = false;
    line.scrollIntoView({ block: "nearest" });
  });
  addEventListener("beforeunload", function (event) {
    if (queue.length) event.preventDefault();
  });
  addEventListener("offline", function () { offline = true; tell(); });
  addEventListener("online", function () { offline = false; tell(); send(); });
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && !queue.length) load().catch(function () { offline = true; tell(); });
    if (!document.hidden) send();
  });
  setInterval(send, 15000);
  load().then(send, send);
})();
