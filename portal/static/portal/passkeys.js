/* Passkeys: allauth's scripts are fetched when somebody presses the button, and a refusal is said in words. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-passkey]");
  if (!form) return;
  var button = document.getElementById("passkey_button");
  var without = form.querySelector("[name=passwordless]");
  var ids = { credential: form.querySelector("[name=credential]").id, data: "js_data" };
  ids.login = ids.authenticate = ids.add = button.id;
  if (without) ids.passwordless = without.id;

  function say(words) {
    form.querySelector("[role=status]").textContent = words;
  }
  function load(address) {
    return new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
  }
  button.addEventListener("click", function (event) {
    event.preventDefault();
    load(form.dataset.json)
      .then(function () { return load(form.dataset.script); })
      .then(function () {
        window.allauth.webauthn.forms[form.dataset.passkey]({ ids: ids });
        button.click();
      })
      .catch(function () { say(form.dataset.sorry); });
  }, { once: true });
  button.addEventListener("click", function () { say(""); });
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    say(form.dataset.sorry);
  });
})();
