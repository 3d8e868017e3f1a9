/*
 * Open CTI adapter for Lightning: a phone number clicked anywhere in Salesforce becomes a link to Ringdown, with the
 * record it belongs to. It never dials. The link fills Ringdown's keypad, and the rep presses Call there.
 */
(function () {
    "use strict";

    var WAIT_FOR_PAGE = 400; // milliseconds Salesforce gets to say which record is open
    var RECORD_ID = /^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/;
    // A call made from one of these belongs to it, whoever's number was clicked on its page.
    var ABOUT_THE_PAGE = ["Opportunity", "Case"];

    var WORDS = {
        en: {
            ready: "Click a phone number in Salesforce to open it in Ringdown.",
            opened: "Opened in Ringdown. Nothing happened? Is Ringdown installed, and did the browser ask?",
            off: "Salesforce could not switch click-to-dial on.",
            absent: "This page works inside Salesforce, for users of the Ringdown call centre.",
            call: "Open in Ringdown",
            text: "Text"
        },
        ja: {
            ready: "Salesforce の電話番号をクリックすると、Ringdown で開きます。",
            opened: "Ringdown で開きました。何も起きない場合は、Ringdown がインストールされているか、ブラウザの確認を確かめてください。",
            off: "Salesforce でクリック-to-ダイヤルを有効にできませんでした。",
            absent: "このページは Salesforce 内で、Ringdown コールセンターのユーザーが使えます。",
            call: "Ringdown で開く",
            text: "テキスト"
        }
    };
    var words = /^ja\b/i.test(navigator.language || "") ? WORDS.ja : WORDS.en;

    function part(id) {
        return document.getElementById(id);
    }

    function say(sentence) {
        part("status").textContent = sentence;
    }

    function link(action, number, about) {
        return "ringdown:" + action + "?to=" + encodeURIComponent(number) + (about ? "&about=" + about : "");
    }

    function recordId(value) {
        return typeof value === "string" && RECORD_ID.test(value) ? value : "";
    }

    function open(number, about) {
        part("number").textContent = number;
        part("call").href = link("call", number, about);
        part("text").href = link("text", number, about);
        part("last").hidden = false;
        // In a frame of its own: a browser that knows no Ringdown then leaves this page alone.
        part("opener").src = link("call", number, about);
        say(words.opened);
    }

    function clicked(payload) {
        var number = String(payload && payload.number !== undefined ? payload.number : "").trim();
        var own = recordId(payload && payload.recordId);
        var done = false;
        if (!number) {
            return;
        }
        function finish(about) {
            if (!done) {
                done = true;
                open(number, about);
            }
        }
        setTimeout(finish, WAIT_FOR_PAGE, own);
        sforce.opencti.getAppViewInfo({
            callback: function (response) {
                var page = (response && response.success && response.returnValue) || {};
                finish(ABOUT_THE_PAGE.indexOf(page.objectType) >= 0 ? recordId(page.recordId) || own : own);
            }
        });
    }

    function start() {
        part("call").textContent = words.call;
        part("text").textContent = words.text;
        if (!window.sforce || !sforce.opencti) {
            say(words.absent);
            return;
        }
        sforce.opencti.enableClickToDial({
            callback: function (response) {
                if (!response.success) {
                    say(words.off);
                    return;
                }
                sforce.opencti.onClickToDial({ listener: clicked });
                say(words.ready);
            }
        });
    }

    start();
})();
