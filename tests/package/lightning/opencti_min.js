/* Open CTI for Lightning as its developer guide describes it, spoken with the page of the tests. */
(function () {
    "use strict";
    if (location.search.includes("absent")) {
        return; // as for users of no call centre
    }
    var waiting = {};
    var listener = null;
    var next = 1;

    function ask(method, callback) {
        var id = next++;
        waiting[id] = callback;
        parent.postMessage({ id: id, method: method }, "*");
    }

    addEventListener("message", function (event) {
        if (event.data.clicked && listener) {
            listener(event.data.clicked);
        } else if (waiting[event.data.id]) {
            waiting[event.data.id](event.data.response);
            delete waiting[event.data.id];
        }
    });

    window.sforce = {
        opencti: {
            enableClickToDial: function (args) {
                ask("enableClickToDial", args.callback);
            },
            getAppViewInfo: function (args) {
                ask("getAppViewInfo", args.callback);
            },
            onClickToDial: function (args) {
                listener = args.listener;
            }
        }
    };
})();
