<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
<context>
    <name>AfterCall</name>
    <message>
        <source>The call with {name} is not wrapped up yet.</source>
        <translation>{name}との通話の後処理がまだ終わっていません。</translation>
    </message>
    <message>
        <source>Wrap up</source>
        <translation>後処理へ</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>閉じる</translation>
    </message>
</context>
<context>
    <name>CallFacts</name>
    <message>
        <source>Outgoing call</source>
        <translation>発信</translation>
    </message>
    <message>
        <source>Incoming call</source>
        <translation>着信</translation>
    </message>
    <message>
        <source>on {line}</source>
        <translation>回線 {line}</translation>
    </message>
    <message>
        <source>Answered, then cut off: {why}</source>
        <translation>応答後に切断されました: {why}</translation>
    </message>
</context>
<context>
    <name>CallFigures</name>
    <message>
        <source>Encrypted</source>
        <translation>暗号化</translation>
    </message>
</context>
<context>
    <name>CallHead</name>
    <message>
        <source>Do not call</source>
        <translation>電話禁止</translation>
    </message>
    <message>
        <source>New contact</source>
        <translation>新規取引先責任者</translation>
    </message>
    <message>
        <source>Make a contact of this number, or add it to somebody</source>
        <translation>この番号から取引先責任者を作成、または既存の人に追加</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>終了</translation>
    </message>
    <message>
        <source>{count} people have this number</source>
        <translation>{count}人がこの番号を使っています</translation>
    </message>
</context>
<context>
    <name>CallNotes</name>
    <message>
        <source>Notes</source>
        <translation>メモ</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>再試行</translation>
    </message>
    <message>
        <source>Notes are kept as you type</source>
        <translation>メモは入力と同時に保存されます</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>保存しました</translation>
    </message>
    <message>
        <source>Not saved. {why}</source>
        <translation>保存できませんでした。{why}</translation>
    </message>
</context>
<context>
    <name>CallPanel</name>
    <message>
        <source>Mute</source>
        <translation>ミュート</translation>
    </message>
    <message>
        <source>Ctrl+M</source>
        <translation>Ctrl+M</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Ctrl+Shift+H</source>
        <translation>Ctrl+Shift+H</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>キーパッド</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>応答</translation>
    </message>
    <message>
        <source>End</source>
        <translation>終了</translation>
    </message>
    <message>
        <source>Notes open when the call connects or ends</source>
        <translation>通話がつながるか終了すると、メモを入力できます</translation>
    </message>
    <message>
        <source>No sound in this call: choose another microphone or speaker in Settings.</source>
        <translation>この通話には音声がありません。設定で別のマイクまたはスピーカーを選んでください。</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>ミュート中</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>再開</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>拒否</translation>
    </message>
    <message>
        <source>Call again</source>
        <translation>かけ直す</translation>
    </message>
</context>
<context>
    <name>CallStrips</name>
    <message>
        <source>Live calls</source>
        <translation>通話中の電話</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>ミュート</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>ミュート解除</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>再開</translation>
    </message>
</context>
<context>
    <name>CallSync</name>
    <message>
        <source>Retry</source>
        <translation>再試行</translation>
    </message>
    <message>
        <source>Log again</source>
        <translation>もう一度記録</translation>
    </message>
    <message>
        <source>Deleted in Salesforce</source>
        <translation>Salesforceで削除済み</translation>
    </message>
    <message>
        <source>Logged in Salesforce</source>
        <translation>Salesforceに記録済み</translation>
    </message>
    <message>
        <source>Not in Salesforce: {why}</source>
        <translation>Salesforceに未記録: {why}</translation>
    </message>
    <message>
        <source>Waits for Salesforce</source>
        <translation>Salesforceへの送信待ち</translation>
    </message>
    <message>
        <source>Waits here until Salesforce is back</source>
        <translation>Salesforceが復旧するまでここで待機します</translation>
    </message>
    <message>
        <source>Trying again</source>
        <translation>再試行しています</translation>
    </message>
</context>
<context>
    <name>CardBody</name>
    <message>
        <source>Open in Salesforce</source>
        <translation>Salesforceで開く</translation>
    </message>
    <message>
        <source>Open deals</source>
        <translation>進行中の商談</translation>
    </message>
    <message>
        <source>None</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>Open cases</source>
        <translation>対応中のケース</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>タイムライン</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>まだありません</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>このコンピューター上</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
</context>
<context>
    <name>Chooser</name>
    <message>
        <source>Several people have this number.</source>
        <translation>この番号は複数の人に登録されています。</translation>
    </message>
    <message>
        <source>Several people have this number. Who is it?</source>
        <translation>この番号は複数の人に登録されています。どなたですか?</translation>
    </message>
    <message>
        <source>Several people have this number. This is who you chose last.</source>
        <translation>この番号は複数の人が使っています。前回選んだ人を表示しています。</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>選ぶ</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>名前なし</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Mute</source>
        <translation>ミュート</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>ミュート解除</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>再開</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>電話を切る</translation>
    </message>
    <message>
        <source>Keypad</source>
        <translation>キーパッド</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Dark mode</source>
        <translation>ダークモード</translation>
    </message>
    <message>
        <source>Light mode</source>
        <translation>ライトモード</translation>
    </message>
    <message>
        <source>Import provisioning file…</source>
        <translation>設定ファイルを読み込む…</translation>
    </message>
    <message>
        <source>Sign in to Salesforce</source>
        <translation>Salesforceにサインイン</translation>
    </message>
    <message>
        <source>Sign out of Salesforce</source>
        <translation>Salesforceからサインアウト</translation>
    </message>
    <message>
        <source>What waits for Salesforce</source>
        <translation>Salesforceへの送信待ち</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>応答不可</translation>
    </message>
    <message>
        <source>Let calls ring again</source>
        <translation>応答不可を解除</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>終了</translation>
    </message>
</context>
<context>
    <name>CompanyField</name>
    <message>
        <source>Company in Salesforce</source>
        <translation>Salesforceの取引先</translation>
    </message>
    <message>
        <source>Companies</source>
        <translation>取引先</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>見つかりません</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>選ぶ</translation>
    </message>
    <message>
        <source>Company</source>
        <translation>会社</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Text…</source>
        <translation>メッセージを入力…</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>送信</translation>
    </message>
    <message>
        <source>From {line}</source>
        <translation>送信元 {line}</translation>
    </message>
    <message>
        <source>Type a text first</source>
        <translation>先にメッセージを入力してください</translation>
    </message>
    <message>
        <source>Send (Enter)</source>
        <translation>送信 (Enter)</translation>
    </message>
    <message>
        <source>{parts} parts · {left} left</source>
        <translation>{parts}通分 · 残り{left}文字</translation>
    </message>
    <message>
        <source>{left} left</source>
        <translation>残り{left}文字</translation>
    </message>
    <message>
        <source>This text has characters beyond the basic phone alphabet: a part holds 70 instead of 160.</source>
        <translation>基本の文字セットにない文字が含まれるため、1通あたり160文字ではなく70文字になります。</translation>
    </message>
</context>
<context>
    <name>ConversationPage</name>
    <message>
        <source>No texts</source>
        <translation>メッセージはありません</translation>
    </message>
    <message>
        <source>The caller gave no number, so nobody can be texted.</source>
        <translation>発信者が番号を通知していないため、メッセージを送れません。</translation>
    </message>
    <message>
        <source>Nothing open</source>
        <translation>何も開いていません</translation>
    </message>
    <message>
        <source>Choose a call, a conversation or a person, or type a number above.</source>
        <translation>通話、会話、連絡先を選ぶか、上の欄に番号を入力してください。</translation>
    </message>
    <message>
        <source>Set up your line</source>
        <translation>回線を設定しましょう</translation>
    </message>
    <message>
        <source>Your admin gives you a provisioning file. Import it, and calls and texts can begin.</source>
        <translation>管理者から受け取った設定ファイルを読み込むと、通話とメッセージを始められます。</translation>
    </message>
    <message>
        <source>Import provisioning file…</source>
        <translation>設定ファイルを読み込む…</translation>
    </message>
</context>
<context>
    <name>ConversationsList</name>
    <message>
        <source>Messages</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>New message</source>
        <translation>新規メッセージ</translation>
    </message>
    <message>
        <source>No messages yet</source>
        <translation>メッセージはまだありません</translation>
    </message>
    <message>
        <source>Texts you send and receive appear here.</source>
        <translation>送受信したメッセージがここに表示されます。</translation>
    </message>
    <message>
        <source>Draft: {text}</source>
        <translation>下書き: {text}</translation>
    </message>
    <message>
        <source>You: {text}</source>
        <translation>自分: {text}</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>未送信</translation>
    </message>
    <message>
        <source>May not have left</source>
        <translation>送信されていない可能性があります</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>発信</translation>
    </message>
    <message>
        <source>{count} unread</source>
        <translation>未読{count}件</translation>
    </message>
</context>
<context>
    <name>Country</name>
    <message>
        <source>Australia</source>
        <translation>オーストラリア</translation>
    </message>
    <message>
        <source>Brazil</source>
        <translation>ブラジル</translation>
    </message>
    <message>
        <source>Canada</source>
        <translation>カナダ</translation>
    </message>
    <message>
        <source>China</source>
        <translation>中国</translation>
    </message>
    <message>
        <source>France</source>
        <translation>フランス</translation>
    </message>
    <message>
        <source>Germany</source>
        <translation>ドイツ</translation>
    </message>
    <message>
        <source>Hong Kong</source>
        <translation>香港</translation>
    </message>
    <message>
        <source>India</source>
        <translation>インド</translation>
    </message>
    <message>
        <source>Indonesia</source>
        <translation>インドネシア</translation>
    </message>
    <message>
        <source>Ireland</source>
        <translation>アイルランド</translation>
    </message>
    <message>
        <source>Italy</source>
        <translation>イタリア</translation>
    </message>
    <message>
        <source>Japan</source>
        <translation>日本</translation>
    </message>
    <message>
        <source>Malaysia</source>
        <translation>マレーシア</translation>
    </message>
    <message>
        <source>Mexico</source>
        <translation>メキシコ</translation>
    </message>
    <message>
        <source>Netherlands</source>
        <translation>オランダ</translation>
    </message>
    <message>
        <source>New Zealand</source>
        <translation>ニュージーランド</translation>
    </message>
    <message>
        <source>Norway</source>
        <translation>ノルウェー</translation>
    </message>
    <message>
        <source>Philippines</source>
        <translation>フィリピン</translation>
    </message>
    <message>
        <source>Singapore</source>
        <translation>シンガポール</translation>
    </message>
    <message>
        <source>South Korea</source>
        <translation>韓国</translation>
    </message>
    <message>
        <source>Spain</source>
        <translation>スペイン</translation>
    </message>
    <message>
        <source>Sweden</source>
        <translation>スウェーデン</translation>
    </message>
    <message>
        <source>Switzerland</source>
        <translation>スイス</translation>
    </message>
    <message>
        <source>Taiwan</source>
        <translation>台湾</translation>
    </message>
    <message>
        <source>Thailand</source>
        <translation>タイ</translation>
    </message>
    <message>
        <source>United Kingdom</source>
        <translation>イギリス</translation>
    </message>
    <message>
        <source>United States</source>
        <translation>アメリカ</translation>
    </message>
    <message>
        <source>Vietnam</source>
        <translation>ベトナム</translation>
    </message>
</context>
<context>
    <name>Demo</name>
    <message>
        <source>Answers and talks</source>
        <translation>応答して話します</translation>
    </message>
    <message>
        <source>Is busy</source>
        <translation>話し中です</translation>
    </message>
    <message>
        <source>Rings, but nobody answers</source>
        <translation>呼び出しますが応答しません</translation>
    </message>
    <message>
        <source>A voicemail box</source>
        <translation>留守番電話です</translation>
    </message>
    <message>
        <source>Says what you say</source>
        <translation>あなたの声を返します</translation>
    </message>
    <message>
        <source>A menu to press keys in</source>
        <translation>プッシュボタンの案内です</translation>
    </message>
    <message>
        <source>Answers, then hangs up</source>
        <translation>応答してすぐに切ります</translation>
    </message>
</context>
<context>
    <name>DemoGuide</name>
    <message>
        <source>Everything runs on this computer: a far end that answers your calls, and a small Salesforce. Within the first minute somebody texts you, then somebody calls.</source>
        <translation>通話に応答する相手も小さなSalesforceも、すべてこのコンピューター上で動いています。1分以内にメッセージが届き、続いて電話がかかってきます。</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>発信</translation>
    </message>
    <message>
        <source>Call {number}, {what}</source>
        <translation>{number} に発信 ({what})</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>試してみる</translation>
    </message>
</context>
<context>
    <name>DesktopGroup</name>
    <message>
        <source>Start at login</source>
        <translation>ログイン時に起動</translation>
    </message>
    <message>
        <source>Ringdown is then ready for calls as soon as you are.</source>
        <translation>ログインするとすぐに電話を受けられるようになります。</translation>
    </message>
    <message>
        <source>Phone links</source>
        <translation>電話リンク</translation>
    </message>
    <message>
        <source>Numbers to click in pages and mail: links that begin with {kinds}.</source>
        <translation>Webページやメールでクリックする番号（{kinds} で始まるリンク）です。</translation>
    </message>
    <message>
        <source>Open in Ringdown</source>
        <translation>Ringdownで開きます</translation>
    </message>
    <message>
        <source>Only {kinds} open in Ringdown</source>
        <translation>{kinds} だけがRingdownで開きます</translation>
    </message>
    <message>
        <source>Do not open in Ringdown</source>
        <translation>Ringdownでは開きません</translation>
    </message>
    <message>
        <source>Make default</source>
        <translation>既定にする</translation>
    </message>
</context>
<context>
    <name>DialKeypad</name>
    <message>
        <source>Call</source>
        <translation>発信</translation>
    </message>
    <message>
        <source>Erase the last digit</source>
        <translation>最後の数字を消す</translation>
    </message>
</context>
<context>
    <name>Dialler</name>
    <message>
        <source>{name} asked not to be called.</source>
        <translation>{name}さんは電話を希望していません。</translation>
    </message>
    <message>
        <source>This person</source>
        <translation>この方</translation>
    </message>
    <message>
        <source>Call anyway</source>
        <translation>それでも発信</translation>
    </message>
</context>
<context>
    <name>FollowUp</name>
    <message>
        <source>ddd d MMM</source>
        <translation>M月d日(ddd)</translation>
    </message>
    <message>
        <source>ddd d MMM yyyy</source>
        <translation>yyyy年M月d日(ddd)</translation>
    </message>
    <message>
        <source>{day}, {time}</source>
        <translation>{day} {time}</translation>
    </message>
</context>
<context>
    <name>FollowUpChip</name>
    <message>
        <source>Follow-up {when}: {what}</source>
        <translation>フォローアップ {when}：{what}</translation>
    </message>
    <message>
        <source>Follow-up {when}</source>
        <translation>フォローアップ {when}</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>削除</translation>
    </message>
    <message>
        <source>{follow_up}. Press to remove it.</source>
        <translation>{follow_up}。押すと削除します。</translation>
    </message>
</context>
<context>
    <name>FollowUpChips</name>
    <message>
        <source>Follow-ups</source>
        <translation>フォローアップ</translation>
    </message>
</context>
<context>
    <name>FreedesktopNotifier</name>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
</context>
<context>
    <name>Incoming</name>
    <message>
        <source>via {line}</source>
        <translation>{line} あて</translation>
    </message>
    <message>
        <source>No one with this number</source>
        <translation>この番号の人はいません</translation>
    </message>
    <message>
        <source>You</source>
        <translation>自分</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>{who}, {when}: {text}</source>
        <translation>{who} ({when}): {text}</translation>
    </message>
    <message>
        <source>Last call {when}: {outcome}</source>
        <translation>前回の通話 {when}: {outcome}</translation>
    </message>
    <message>
        <source>Deal {amount}: {deal}</source>
        <translation>商談 {amount}: {deal}</translation>
    </message>
    <message>
        <source>Deal: {deal}</source>
        <translation>商談: {deal}</translation>
    </message>
    <message>
        <source>Case {number}: {case}</source>
        <translation>ケース {number}: {case}</translation>
    </message>
    <message>
        <source>{count} people have this number</source>
        <translation>{count}人がこの番号を使っています</translation>
    </message>
</context>
<context>
    <name>IncomingBar</name>
    <message>
        <source>Answer</source>
        <translation>応答</translation>
    </message>
    <message>
        <source>Answer (F4)</source>
        <translation>応答 (F4)</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>拒否</translation>
    </message>
    <message>
        <source>Reject (Shift+F4)</source>
        <translation>拒否 (Shift+F4)</translation>
    </message>
    <message>
        <source>Reply with text</source>
        <translation>メッセージで返信</translation>
    </message>
    <message>
        <source>Incoming call</source>
        <translation>着信</translation>
    </message>
</context>
<context>
    <name>IncomingCard</name>
    <message>
        <source>Incoming call</source>
        <translation>着信</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>応答</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>拒否</translation>
    </message>
    <message>
        <source>Reply with text</source>
        <translation>メッセージで返信</translation>
    </message>
    <message>
        <source>Incoming call · {count} more</source>
        <translation>着信 · ほか{count}件</translation>
    </message>
</context>
<context>
    <name>Keypad</name>
    <message>
        <source>Keypad</source>
        <translation>キーパッド</translation>
    </message>
</context>
<context>
    <name>Lacks</name>
    <message>
        <source>This desktop shows no tray icons: closing the window ends Ringdown, and calls no longer ring.</source>
        <translation>このデスクトップは通知領域のアイコンを表示しません。ウィンドウを閉じるとRingdownが終了し、着信しなくなります。</translation>
    </message>
    <message>
        <source>This desktop lets no window come to the front by itself: it only asks for your attention.</source>
        <translation>このデスクトップでは、ウィンドウが自動で前面に出ることはできません。お知らせの表示だけになります。</translation>
    </message>
    <message>
        <source>Keys work only while Ringdown has the keyboard: this desktop has no shortcuts for all windows.</source>
        <translation>このデスクトップには全体で使えるショートカットがないため、キー操作はRingdownが選択されているときだけ有効です。</translation>
    </message>
    <message>
        <source>Ringdown is not installed on this computer: it cannot take phone links or start at login.</source>
        <translation>Ringdownがこのコンピューターにインストールされていないため、電話リンクを開くことも、ログイン時に起動することもできません。</translation>
    </message>
    <message>
        <source>Your system lets only you choose who opens phone links: its own page opens for that.</source>
        <translation>電話リンクを開くアプリはご自身でのみ選べます。そのためのシステムの画面が開きます。</translation>
    </message>
    <message>
        <source>Phone links can be given to another program in the settings of your system only.</source>
        <translation>電話リンクを別のアプリに割り当てる操作は、システムの設定でのみ行えます。</translation>
    </message>
</context>
<context>
    <name>LineButton</name>
    <message>
        <source>Loading</source>
        <translation>読み込み中</translation>
    </message>
    <message>
        <source>Line {number}</source>
        <translation>回線 {number}</translation>
    </message>
</context>
<context>
    <name>LineStates</name>
    <message>
        <source>Import provisioning file…</source>
        <translation>設定ファイルを読み込む…</translation>
    </message>
    <message>
        <source>No line is set up yet. Import the provisioning file from your admin.</source>
        <translation>回線がまだ設定されていません。管理者から受け取った設定ファイルを読み込んでください。</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>利用可能</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>接続中</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>未接続</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>オフ</translation>
    </message>
</context>
<context>
    <name>LinkTaker</name>
    <message>
        <source>A link asks to text {number}.</source>
        <translation>リンクが{number}へのメッセージを求めています。</translation>
    </message>
    <message>
        <source>A link asks to call {number}.</source>
        <translation>リンクが{number}への発信を求めています。</translation>
    </message>
    <message>
        <source>A link brings settings from {host}.</source>
        <translation>リンクが{host}からの設定を提示しています。</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>表示</translation>
    </message>
</context>
<context>
    <name>ListPane</name>
    <message>
        <source>Call</source>
        <translation>発信</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>This list cannot be shown</source>
        <translation>この一覧は表示できません</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>もう一度試す</translation>
    </message>
</context>
<context>
    <name>Lock</name>
    <message>
        <source>Encrypted</source>
        <translation>暗号化</translation>
    </message>
    <message>
        <source>The sound of this call is encrypted.</source>
        <translation>この通話の音声は暗号化されています。</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Ringdown</source>
        <translation>Ringdown</translation>
    </message>
    <message>
        <source>Ringdown cannot start</source>
        <translation>Ringdownを起動できません</translation>
    </message>
    <message>
        <source>Waiting for your password store</source>
        <translation>パスワード保管庫を待っています</translation>
    </message>
    <message>
        <source>Unlock it to go on. Its window may be behind this one.</source>
        <translation>続けるにはロックを解除してください。解除画面がこのウィンドウの後ろにあるかもしれません。</translation>
    </message>
    <message>
        <source>Something went wrong inside Ringdown. It is in the log; calls go on.</source>
        <translation>Ringdownの内部で問題が発生しました。内容はログに記録されました。通話は続けられます。</translation>
    </message>
    <message>
        <source>Something went wrong inside Ringdown. Its log says what; nothing was changed.</source>
        <translation>Ringdownの内部で問題が発生しました。内容はログにあります。何も変更されていません。</translation>
    </message>
    <message>
        <source>A call is live. Close again to end it and quit.</source>
        <translation>通話中です。もう一度閉じると、通話を終了してRingdownも終了します。</translation>
    </message>
</context>
<context>
    <name>NameLink</name>
    <message>
        <source>{name}: open in Salesforce</source>
        <translation>{name}: Salesforceで開く</translation>
    </message>
</context>
<context>
    <name>NewContact</name>
    <message>
        <source>New contact</source>
        <translation>新規取引先責任者</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>取引先責任者</translation>
    </message>
    <message>
        <source>Lead</source>
        <translation>リード</translation>
    </message>
    <message>
        <source>Person account</source>
        <translation>個人取引先</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>勤務先</translation>
    </message>
    <message>
        <source>Mobile</source>
        <translation>携帯</translation>
    </message>
    <message>
        <source>Is it one of these?</source>
        <translation>この中の誰かですか？</translation>
    </message>
    <message>
        <source>Use this one</source>
        <translation>この人にする</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save anyway</source>
        <translation>それでも保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Make it in Salesforce</source>
        <translation>Salesforceで作成</translation>
    </message>
    <message>
        <source>Company</source>
        <translation>会社</translation>
    </message>
    <message>
        <source>The number is their</source>
        <translation>番号の種類</translation>
    </message>
    <message>
        <source>Your Salesforce also asks for {names}, which only its own page can.</source>
        <translation>お使いのSalesforceでは{names}も必要です。Salesforceの画面で作成してください。</translation>
    </message>
    <message>
        <source>First name</source>
        <translation>名</translation>
    </message>
    <message>
        <source>Last name</source>
        <translation>姓</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>メール</translation>
    </message>
    <message>
        <source>Still needed: {names}</source>
        <translation>未入力：{names}</translation>
    </message>
    <message>
        <source>Choose the company from the list, or leave it empty.</source>
        <translation>会社を一覧から選ぶか、空欄のままにしてください。</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>名前なし</translation>
    </message>
    <message>
        <source>Your Salesforce asks for something else by now. Look at the form again, then save.</source>
        <translation>Salesforce の入力項目が変わりました。もう一度確認してから保存してください。</translation>
    </message>
    <message>
        <source>No longer asked for: {texts}</source>
        <translation>不要になった入力: {texts}</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>保存しています…</translation>
    </message>
    <message>
        <source>Salesforce cannot be reached. What you typed stays here: save it when it is back.</source>
        <translation>Salesforceに接続できません。入力した内容はここに残ります。復旧したら保存してください。</translation>
    </message>
</context>
<context>
    <name>NewMessage</name>
    <message>
        <source>Name or number to text</source>
        <translation>送信先の名前または番号</translation>
    </message>
    <message>
        <source>Type a number or a name to write to somebody</source>
        <translation>番号または名前を入力してメッセージを送ります</translation>
    </message>
</context>
<context>
    <name>NobodyBody</name>
    <message>
        <source>New contact</source>
        <translation>新規取引先責任者</translation>
    </message>
    <message>
        <source>Add to existing</source>
        <translation>既存の人に追加</translation>
    </message>
    <message>
        <source>Name in Salesforce</source>
        <translation>Salesforceでの名前</translation>
    </message>
    <message>
        <source>Whose number is it?</source>
        <translation>どなたの番号ですか?</translation>
    </message>
    <message>
        <source>Nobody found</source>
        <translation>該当者なし</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>選ぶ</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>このコンピューター上</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>まだありません</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>No one with this number</source>
        <translation>この番号の人はいません</translation>
    </message>
    <message>
        <source>The caller hid the number.</source>
        <translation>発信者が番号を非通知にしています。</translation>
    </message>
    <message>
        <source>No one with this number. That is the name the network gave.</source>
        <translation>この番号の人はいません。表示名は電話網から届いたものです。</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>名前なし</translation>
    </message>
</context>
<context>
    <name>Notifications</name>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>Call back</source>
        <translation>かけ直す</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>Missed call from {name}</source>
        <translation>{name} からの不在着信</translation>
    </message>
    <message>
        <source>New text</source>
        <translation>新着メッセージ</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>返信</translation>
    </message>
    <message>
        <source>Mark as read</source>
        <translation>既読にする</translation>
    </message>
</context>
<context>
    <name>NumberField</name>
    <message>
        <source>Ctrl K</source>
        <translation>Ctrl K</translation>
    </message>
    <message>
        <source>Name or number</source>
        <translation>名前または番号</translation>
    </message>
    <message>
        <source>Type a number to call or text, or a name to find somebody</source>
        <translation>番号を入力して発信やメッセージ、名前を入力して検索</translation>
    </message>
    <message>
        <source>Nothing found on this computer.</source>
        <translation>このコンピューターには見つかりません。</translation>
    </message>
    <message>
        <source>Nothing found here or in Salesforce.</source>
        <translation>ここにもSalesforceにも見つかりません。</translation>
    </message>
</context>
<context>
    <name>NumberPlace</name>
    <message>
        <source>Which number is it?</source>
        <translation>どの番号ですか？</translation>
    </message>
    <message>
        <source>You may not change any number of this record.</source>
        <translation>このレコードの番号を変更する権限がありません。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>戻る</translation>
    </message>
    <message>
        <source>{number} becomes a number of this record.</source>
        <translation>{number}をこのレコードの番号にします。</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>空き</translation>
    </message>
    <message>
        <source>Replaces {number}</source>
        <translation>{number}を置き換え</translation>
    </message>
</context>
<context>
    <name>Numbers</name>
    <message>
        <source>Numbers</source>
        <translation>電話番号</translation>
    </message>
</context>
<context>
    <name>Offer</name>
    <message>
        <source>Line {line}</source>
        <translation>回線 {line}</translation>
    </message>
    <message>
        <source>Password or key</source>
        <translation>パスワードまたはキー</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>未設定</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>はい</translation>
    </message>
    <message>
        <source>no</source>
        <translation>いいえ</translation>
    </message>
    <message>
        <source>{setting} (not in force yet)</source>
        <translation>{setting} (未適用)</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>SIP address</source>
        <translation>SIPアドレス</translation>
    </message>
    <message>
        <source>Registrar</source>
        <translation>登録サーバー</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>プロキシ</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>ユーザー名</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>電話番号</translation>
    </message>
    <message>
        <source>Caller IDs</source>
        <translation>発信者番号</translation>
    </message>
    <message>
        <source>Personal or shared</source>
        <translation>個人用または共用</translation>
    </message>
    <message>
        <source>Country</source>
        <translation>国</translation>
    </message>
    <message>
        <source>Transport</source>
        <translation>通信方式</translation>
    </message>
    <message>
        <source>Encrypted sound</source>
        <translation>音声の暗号化</translation>
    </message>
    <message>
        <source>Certificate authority</source>
        <translation>認証局</translation>
    </message>
    <message>
        <source>Voicemail number</source>
        <translation>留守番電話の番号</translation>
    </message>
    <message>
        <source>Voicemail for callers</source>
        <translation>発信者の転送先の留守番電話</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>録音</translation>
    </message>
    <message>
        <source>International calls</source>
        <translation>国際通話</translation>
    </message>
    <message>
        <source>Network address</source>
        <translation>ネットワークアドレス</translation>
    </message>
</context>
<context>
    <name>OfferPage</name>
    <message>
        <source>Accept</source>
        <translation>適用する</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Settings from a link</source>
        <translation>リンクからの設定</translation>
    </message>
    <message>
        <source>Fetching the settings from {host}…</source>
        <translation>{host} から設定を取得しています…</translation>
    </message>
    <message>
        <source>Settings from {host}</source>
        <translation>{host} からの設定</translation>
    </message>
    <message>
        <source>These settings are in use already; nothing would change.</source>
        <translation>これらの設定はすでに使われています。変更はありません。</translation>
    </message>
    <message>
        <source>Accept them only if your admin has sent you the link. Nothing changes before, and what you hold otherwise stays as it is.</source>
        <translation>管理者から送られたリンクの場合だけ適用してください。適用するまで何も変わりません。ここにない設定はそのまま残ります。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
</context>
<context>
    <name>Outbox</name>
    <message>
        <source>Sending…</source>
        <translation>送信中…</translation>
    </message>
    <message>
        <source>Not written</source>
        <translation>書き込めません</translation>
    </message>
    <message>
        <source>Waits for Ringdown&apos;s package in Salesforce</source>
        <translation>SalesforceのRingdownパッケージ待ち</translation>
    </message>
    <message>
        <source>Waits until Salesforce is back</source>
        <translation>Salesforceの復旧待ち</translation>
    </message>
    <message>
        <source>Waits: the company has nearly used up its requests of the day</source>
        <translation>待機中：会社の1日のリクエストがほぼ上限です</translation>
    </message>
    <message>
        <source>Goes out now</source>
        <translation>これから送信</translation>
    </message>
    <message>
        <source>Goes out at {time}</source>
        <translation>{time}に送信</translation>
    </message>
    <message>
        <source>Tried again at {time}</source>
        <translation>{time}に再試行</translation>
    </message>
    <message>
        <source>You lack a permission in Salesforce. Ask your admin for the permission set Ringdown User.</source>
        <translation>Salesforceの権限がありません。管理者に権限セット「Ringdown User」を依頼してください。</translation>
    </message>
    <message>
        <source>A rule of your company stands against it. Change the subject, the result or the notes, then retry.</source>
        <translation>会社の入力規則に反しています。件名、結果、メモのいずれかを変えて再試行してください。</translation>
    </message>
    <message>
        <source>Your company demands a field that Ringdown does not fill. Ask your admin, then retry.</source>
        <translation>Ringdownが入力しない必須項目があります。管理者に相談してから再試行してください。</translation>
    </message>
    <message>
        <source>The record it belongs to was deleted or is hidden from you. Choose another one, then retry.</source>
        <translation>関連レコードが削除されたか、表示する権限がありません。別のレコードを選んで再試行してください。</translation>
    </message>
    <message>
        <source>An automation of your company failed. Show these words to your admin, then retry.</source>
        <translation>会社の自動処理が失敗しました。この文を管理者に見せてから再試行してください。</translation>
    </message>
    <message>
        <source>You can no longer see this task in Salesforce. The notes stay here.</source>
        <translation>このToDoはSalesforceで見られなくなりました。メモはここに残ります。</translation>
    </message>
    <message>
        <source>Your admin has to install Ringdown&apos;s package first. Nothing is lost meanwhile.</source>
        <translation>まず管理者がRingdownパッケージをインストールする必要があります。その間も何も失われません。</translation>
    </message>
    <message>
        <source>Retry, or show these words to your admin.</source>
        <translation>再試行するか、この文を管理者に見せてください。</translation>
    </message>
    <message>
        <source>Your company has used up its Salesforce requests of the day. Ringdown rests until {time}.</source>
        <translation>会社のSalesforceリクエストが1日の上限に達しました。{time}まで休止します。</translation>
    </message>
    <message>
        <source>Ringdown has trouble of its own. Tried again at {time}.</source>
        <translation>Ringdown自体に問題が起きています。{time}に再試行します。</translation>
    </message>
    <message>
        <source>Salesforce cannot be reached. Tried again at {time}.</source>
        <translation>Salesforceに接続できません。{time}に再試行します。</translation>
    </message>
    <message>
        <source>Ringdown has asked Salesforce {count} times today.</source>
        <translation>今日のSalesforceへのリクエストは{count}回です。</translation>
    </message>
    <message>
        <source>Everybody in your company together has used {share} % of the requests of a day.</source>
        <translation>会社全体で1日のリクエストの{share}％を使っています。</translation>
    </message>
    <message>
        <source>Only call logs go out until that is less.</source>
        <translation>減るまで通話記録だけを送信します。</translation>
    </message>
    <message>
        <source>Changes made in Salesforce are not read until that is less.</source>
        <translation>減るまでSalesforceでの変更は読み込みません。</translation>
    </message>
    <message>
        <source>Ringdown&apos;s package is not installed, or you may not use it. Calls are logged as plain tasks; days of texts wait here.</source>
        <translation>Ringdownパッケージが未インストールか、使う権限がありません。通話は通常のToDoとして記録され、メッセージの日次記録はここで待ちます。</translation>
    </message>
    <message>
        <source>You may not write the field “{name}” of a task, so it stays empty.</source>
        <translation>ToDoの項目「{name}」を書き込む権限がないため、空欄になります。</translation>
    </message>
    <message>
        <source>Your company demands the field “{name}” in every task, which Ringdown cannot fill.</source>
        <translation>会社の設定でToDoの項目「{name}」が必須ですが、Ringdownは入力できません。</translation>
    </message>
    <message>
        <source>New tasks get the record type “{name}”.</source>
        <translation>新しいToDoのレコードタイプは「{name}」です。</translation>
    </message>
</context>
<context>
    <name>OutboxItem</name>
    <message>
        <source>Retry</source>
        <translation>再試行</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
    <message>
        <source>Texts with {name}, {day}</source>
        <translation>{name}とのメッセージ（{day}）</translation>
    </message>
    <message>
        <source>Call with {name}, {time}</source>
        <translation>{name}との通話（{time}）</translation>
    </message>
    <message>
        <source>Follow-up task</source>
        <translation>フォローアップToDo</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>通話</translation>
    </message>
</context>
<context>
    <name>OutboxPage</name>
    <message>
        <source>Waiting for Salesforce</source>
        <translation>Salesforceへの送信待ち</translation>
    </message>
    <message>
        <source>Send everything now</source>
        <translation>今すぐすべて送信</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>Salesforce is not set up yet. Calls and texts are kept here.</source>
        <translation>Salesforceはまだ設定されていません。通話とメッセージはここに保存されます。</translation>
    </message>
    <message>
        <source>{count} not written.</source>
        <translation>{count}件を書き込めません。</translation>
    </message>
    <message>
        <source>{count} waiting to be sent.</source>
        <translation>{count}件が送信待ちです。</translation>
    </message>
    <message>
        <source>Everything is in Salesforce.</source>
        <translation>すべてSalesforceに記録されています。</translation>
    </message>
    <message>
        <source>Not written</source>
        <translation>書き込めません</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>And {count} more.</source>
        <translation>ほか{count}件。</translation>
    </message>
    <message>
        <source>Good to know about your Salesforce</source>
        <translation>お使いのSalesforceについて</translation>
    </message>
</context>
<context>
    <name>PeopleList</name>
    <message>
        <source>People</source>
        <translation>連絡先</translation>
    </message>
    <message>
        <source>Customers</source>
        <comment>people</comment>
        <translation>顧客</translation>
    </message>
    <message>
        <source>Colleagues</source>
        <comment>people</comment>
        <translation>社内</translation>
    </message>
    <message>
        <source>No colleagues yet</source>
        <translation>まだ社内の人がいません</translation>
    </message>
    <message>
        <source>Salesforce&apos;s users and your company&apos;s directory appear here.</source>
        <translation>Salesforceのユーザーと会社の電話帳がここに表示されます。</translation>
    </message>
    <message>
        <source>Nobody here yet</source>
        <translation>まだ誰もいません</translation>
    </message>
    <message>
        <source>The people you work with appear here once Salesforce is connected.</source>
        <translation>Salesforceに接続すると、仕事相手がここに表示されます。</translation>
    </message>
    <message>
        <source>People you own or talked to appear here. Type a name into the field above to find somebody now.</source>
        <translation>担当している人や話した人がここに表示されます。今すぐ探すには、上の欄に名前を入力してください。</translation>
    </message>
    <message>
        <source>Ext. {number}</source>
        <translation>内線 {number}</translation>
    </message>
    <message>
        <source>Available</source>
        <translation>応答可能</translation>
    </message>
    <message>
        <source>On the phone</source>
        <translation>通話中</translation>
    </message>
    <message>
        <source>Away</source>
        <translation>離席中</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>名前なし</translation>
    </message>
</context>
<context>
    <name>PhoneField</name>
    <message>
        <source>Phone</source>
        <translation>電話</translation>
    </message>
    <message>
        <source>Mobile</source>
        <translation>携帯</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>自宅</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>その他</translation>
    </message>
    <message>
        <source>Assistant</source>
        <translation>アシスタント</translation>
    </message>
</context>
<context>
    <name>PhoneRow</name>
    <message>
        <source>Call {number}</source>
        <translation>{number} に発信</translation>
    </message>
    <message>
        <source>Text {number}</source>
        <translation>{number} にメッセージ</translation>
    </message>
</context>
<context>
    <name>Picker</name>
    <message>
        <source>{name} (not there now)</source>
        <translation>{name} (現在未接続)</translation>
    </message>
</context>
<context>
    <name>Present</name>
    <message>
        <source>No caller ID</source>
        <translation>番号非通知</translation>
    </message>
    <message>
        <source>{one} or {other}</source>
        <translation>{one} または {other}</translation>
    </message>
    <message>
        <source>{name} or {count} others</source>
        <translation>{name} ほか{count}人</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今日</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨日</translation>
    </message>
    <message>
        <source>Ending…</source>
        <translation>終了しています…</translation>
    </message>
    <message>
        <source>Calling…</source>
        <translation>発信中…</translation>
    </message>
    <message>
        <source>Incoming call</source>
        <translation>着信</translation>
    </message>
    <message>
        <source>Ringing…</source>
        <translation>呼び出し中…</translation>
    </message>
    <message>
        <source>On hold</source>
        <translation>保留中</translation>
    </message>
    <message>
        <source>Put on hold</source>
        <translation>相手が保留中</translation>
    </message>
    <message>
        <source>On a call</source>
        <translation>通話中</translation>
    </message>
    <message>
        <source>{outcome}: {reason}</source>
        <translation>{outcome}: {reason}</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>応答</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>不在着信</translation>
    </message>
    <message>
        <source>Answered elsewhere</source>
        <translation>別の端末で応答</translation>
    </message>
    <message>
        <source>Declined</source>
        <translation>拒否</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>話し中</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>取り消し</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>応答なし</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>Voicemail</source>
        <translation>留守番電話</translation>
    </message>
    <message>
        <source>Screened</source>
        <translation>用件確認</translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation>ブロック</translation>
    </message>
    <message>
        <source>Forwarded</source>
        <translation>転送</translation>
    </message>
    <message>
        <source>Held until they agree to texts</source>
        <translation>相手の同意待ち</translation>
    </message>
    <message>
        <source>Waiting for the line</source>
        <translation>回線の接続待ち</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>送信中</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>送信済み</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>配信済み</translation>
    </message>
    <message>
        <source>Unknown: may not have left</source>
        <translation>不明 (送信されていない可能性があります)</translation>
    </message>
    <message>
        <source>Not sent: {reason}</source>
        <translation>未送信: {reason}</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>未送信</translation>
    </message>
    <message>
        <source>it is too long.</source>
        <translation>長すぎます。</translation>
    </message>
    <message>
        <source>your phone service does not allow this text.</source>
        <translation>電話サービスがこのメッセージを許可していません。</translation>
    </message>
    <message>
        <source>it was declined.</source>
        <translation>拒否されました。</translation>
    </message>
    <message>
        <source>the phone engine stopped.</source>
        <translation>電話機能が停止しました。</translation>
    </message>
    <message>
        <source>Ringdown was closed.</source>
        <translation>Ringdownが終了しました。</translation>
    </message>
</context>
<context>
    <name>Provisioning</name>
    <message>
        <source>Import provisioning file</source>
        <translation>設定ファイルの読み込み</translation>
    </message>
    <message>
        <source>Provisioning files (*.toml)</source>
        <translation>設定ファイル (*.toml)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>すべてのファイル (*)</translation>
    </message>
</context>
<context>
    <name>Quality</name>
    <message>
        <source>Good sound</source>
        <translation>音質良好</translation>
    </message>
    <message>
        <source>Fair sound</source>
        <translation>音質まずまず</translation>
    </message>
    <message>
        <source>Poor sound</source>
        <translation>音質低下</translation>
    </message>
    <message>
        <source>Bad sound</source>
        <translation>音質不良</translation>
    </message>
    <message>
        <source>No sound comes from the other side.</source>
        <translation>相手の音声が届いていません。</translation>
    </message>
    <message>
        <source>Your network is losing packets.</source>
        <translation>ネットワークでパケットが欠けています。</translation>
    </message>
    <message>
        <source>The other side hears you badly.</source>
        <translation>相手に声がよく届いていません。</translation>
    </message>
    <message>
        <source>Your network is uneven: words may be cut.</source>
        <translation>通信が不安定で声が途切れがちです。</translation>
    </message>
    <message>
        <source>The sound is late: leave pauses.</source>
        <translation>音声が遅れています。間をあけて話してください。</translation>
    </message>
    <message>
        <source>MOS {mos}, {loss} lost, {rtt} ms round trip, {codec}</source>
        <translation>MOS {mos}、損失 {loss}、往復 {rtt} ms、{codec}</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Pages</source>
        <translation>ページ</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>通話</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>People</source>
        <translation>連絡先</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>{count} missed</source>
        <translation>不在着信{count}件</translation>
    </message>
    <message>
        <source>{count} unread</source>
        <translation>未読{count}件</translation>
    </message>
</context>
<context>
    <name>RecentsList</name>
    <message>
        <source>Calls</source>
        <translation>通話</translation>
    </message>
    <message>
        <source>All</source>
        <comment>calls</comment>
        <translation>すべて</translation>
    </message>
    <message>
        <source>Missed</source>
        <comment>calls</comment>
        <translation>不在</translation>
    </message>
    <message>
        <source>In</source>
        <comment>calls</comment>
        <translation>着信</translation>
    </message>
    <message>
        <source>Out</source>
        <comment>calls</comment>
        <translation>発信</translation>
    </message>
    <message>
        <source>No missed calls</source>
        <translation>不在着信はありません</translation>
    </message>
    <message>
        <source>Calls you could not take appear here.</source>
        <translation>出られなかった電話がここに表示されます。</translation>
    </message>
    <message>
        <source>No incoming calls</source>
        <translation>着信はありません</translation>
    </message>
    <message>
        <source>Calls you take appear here.</source>
        <translation>受けた電話がここに表示されます。</translation>
    </message>
    <message>
        <source>No outgoing calls</source>
        <translation>発信はありません</translation>
    </message>
    <message>
        <source>Calls you make appear here.</source>
        <translation>かけた電話がここに表示されます。</translation>
    </message>
    <message>
        <source>Everybody is known</source>
        <translation>未確定の相手はいません</translation>
    </message>
    <message>
        <source>Calls wait here when several people have the number and you have not said who it was.</source>
        <translation>複数の人が使う番号で、相手をまだ選んでいない通話がここに並びます。</translation>
    </message>
    <message>
        <source>No calls yet</source>
        <translation>通話はまだありません</translation>
    </message>
    <message>
        <source>Calls you make and take appear here.</source>
        <translation>かけた電話と受けた電話がここに表示されます。</translation>
    </message>
    <message>
        <source>Dial a number</source>
        <translation>番号にかける</translation>
    </message>
    <message>
        <source>Not in Salesforce</source>
        <translation>Salesforceに未記録</translation>
    </message>
    <message>
        <source>Has notes</source>
        <translation>メモあり</translation>
    </message>
</context>
<context>
    <name>RecordForm</name>
    <message>
        <source>{label} (required)</source>
        <translation>{label}（必須）</translation>
    </message>
    <message>
        <source>None</source>
        <translation>なし</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>選択してください</translation>
    </message>
</context>
<context>
    <name>RefusalPage</name>
    <message>
        <source>Quit</source>
        <translation>終了</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>もう一度試す</translation>
    </message>
</context>
<context>
    <name>RelationCard</name>
    <message>
        <source>Search deals and cases</source>
        <translation>商談とケースを検索</translation>
    </message>
    <message>
        <source>New deal</source>
        <translation>新規商談</translation>
    </message>
    <message>
        <source>New case</source>
        <translation>新規ケース</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>作成</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>戻る</translation>
    </message>
    <message>
        <source>Type two letters to search all deals and cases.</source>
        <translation>2文字以上入力すると、すべての商談とケースを検索します。</translation>
    </message>
    <message>
        <source>Nothing found.</source>
        <translation>見つかりません。</translation>
    </message>
    <message>
        <source>No deals or cases yet.</source>
        <translation>商談もケースもまだありません。</translation>
    </message>
    <message>
        <source>Salesforce cannot be reached. What is known here can be chosen.</source>
        <translation>Salesforceに接続できません。ここにあるものから選べます。</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>選ぶ</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>名前なし</translation>
    </message>
    <message>
        <source>Salesforce also asks for {names}: make it there, then choose it here.</source>
        <translation>Salesforceでは{names}も必要です。Salesforceで作成してから、ここで選んでください。</translation>
    </message>
    <message>
        <source>Making one needs Salesforce, which cannot be reached. What you type stays here.</source>
        <translation>作成にはSalesforceが必要ですが、接続できません。入力した内容はここに残ります。</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>件名</translation>
    </message>
    <message>
        <source>Close date</source>
        <translation>完了予定日</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Still needed: {names}</source>
        <translation>未入力：{names}</translation>
    </message>
</context>
<context>
    <name>RelationRow</name>
    <message>
        <source>Open in Salesforce</source>
        <translation>Salesforceで開く</translation>
    </message>
    <message>
        <source>Remove the link</source>
        <translation>関連付けを解除</translation>
    </message>
    <message>
        <source>Salesforce links deals and cases to contacts only, not to a lead.</source>
        <translation>Salesforceでは、リードに商談やケースを関連付けられません（取引先責任者のみ）。</translation>
    </message>
    <message>
        <source>A record in Salesforce</source>
        <translation>Salesforceのレコード</translation>
    </message>
    <message>
        <source>Link to a deal…</source>
        <translation>商談に関連付け…</translation>
    </message>
    <message>
        <source>Link to a case…</source>
        <translation>ケースに関連付け…</translation>
    </message>
    <message>
        <source>Link to a deal or case…</source>
        <translation>商談・ケースに関連付け…</translation>
    </message>
</context>
<context>
    <name>Results</name>
    <message>
        <source>Connected</source>
        <translation>つながった</translation>
    </message>
    <message>
        <source>Left voicemail</source>
        <translation>留守電に伝言</translation>
    </message>
    <message>
        <source>No answer</source>
        <translation>応答なし</translation>
    </message>
    <message>
        <source>Wrong number</source>
        <translation>番号違い</translation>
    </message>
    <message>
        <source>Not interested</source>
        <translation>関心なし</translation>
    </message>
</context>
<context>
    <name>RowList</name>
    <message>
        <source>Open</source>
        <translation>開く</translation>
    </message>
</context>
<context>
    <name>SalesforceGroup</name>
    <message>
        <source>Sign in</source>
        <translation>サインイン</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>アドレスをコピー</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>サインアウト</translation>
    </message>
    <message>
        <source>Sign in at</source>
        <translation>サインイン先</translation>
    </message>
    <message>
        <source>Production</source>
        <translation>本番</translation>
    </message>
    <message>
        <source>Sandbox</source>
        <translation>Sandbox環境</translation>
    </message>
    <message>
        <source>Own domain</source>
        <translation>私のドメイン</translation>
    </message>
    <message>
        <source>Address of your own domain</source>
        <translation>「私のドメイン」のアドレス</translation>
    </message>
    <message>
        <source>Signed in as {name} at {org}</source>
        <translation>{name}（{org}）でサインイン中</translation>
    </message>
    <message>
        <source>Offline. What you write waits here and goes out later.</source>
        <translation>オフラインです。入力した内容はここに保存され、後で送信されます。</translation>
    </message>
    <message>
        <source>Signed out</source>
        <translation>サインアウト済み</translation>
    </message>
    <message>
        <source>Calls and texts are kept here until you sign in.</source>
        <translation>サインインするまで、通話とメッセージはここに保存されます。</translation>
    </message>
    <message>
        <source>Not signed in. The provisioning file of your admin brings the sign-in.</source>
        <translation>サインインしていません。管理者の設定ファイルを読み込むとサインインできます。</translation>
    </message>
    <message>
        <source>{count} waiting for {name}: sent when {name} signs in here.</source>
        <translation>{name}の{count}件が待機中です。{name}がここでサインインすると送信されます。</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Clear</source>
        <translation>消去</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>not set</source>
        <translation>未設定</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>回線</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>通話</translation>
    </message>
    <message>
        <source>After a call</source>
        <translation>通話の後</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>サウンド</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>ウィンドウ</translation>
    </message>
    <message>
        <source>Salesforce</source>
        <translation>Salesforce</translation>
    </message>
    <message>
        <source>Colleagues</source>
        <translation>社内</translation>
    </message>
    <message>
        <source>Rules of your organisation</source>
        <translation>組織のルール</translation>
    </message>
    <message>
        <source>Sign-in page</source>
        <translation>サインイン画面</translation>
    </message>
    <message>
        <source>Connected app</source>
        <translation>接続アプリケーション</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>アドレス</translation>
    </message>
    <message>
        <source>Emergency address</source>
        <translation>緊急通報用の住所</translation>
    </message>
    <message>
        <source>Consent to texts</source>
        <translation>メッセージの同意</translation>
    </message>
    <message>
        <source>Request for consent</source>
        <translation>同意を求める文面</translation>
    </message>
    <message>
        <source>Blacked out</source>
        <translation>伏せ字</translation>
    </message>
    <message>
        <source>Not in force yet: this version calls without a confirmed address.</source>
        <translation>まだ適用されていません。このバージョンでは、住所の確認なしに発信されます。</translation>
    </message>
    <message>
        <source>Not in force yet: this version texts people without asking them first.</source>
        <translation>まだ適用されていません。このバージョンでは、同意を求めずにメッセージが送信されます。</translation>
    </message>
    <message>
        <source>Not in force yet: this version asks nobody.</source>
        <translation>まだ適用されていません。このバージョンでは、同意を求めません。</translation>
    </message>
    <message>
        <source>Not in force yet: this version keeps and sends texts and notes as they were written.</source>
        <translation>まだ適用されていません。このバージョンでは、メッセージとメモは入力されたまま保存、送信されます。</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>マイク</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>スピーカー</translation>
    </message>
    <message>
        <source>Ringer</source>
        <translation>着信音</translation>
    </message>
    <message>
        <source>Clean the microphone</source>
        <translation>マイクの音声補正</translation>
    </message>
    <message>
        <source>Takes out echo and noise and evens the loudness, from the next call on.</source>
        <translation>次の通話から、エコーと雑音を取り除き、音量を整えます。</translation>
    </message>
    <message>
        <source>List of colleagues</source>
        <translation>社員一覧</translation>
    </message>
    <message>
        <source>A CSV file, or its https address.</source>
        <translation>CSVファイル、またはそのhttpsアドレス。</translation>
    </message>
    <message>
        <source>Address book</source>
        <translation>アドレス帳</translation>
    </message>
    <message>
        <source>A CardDAV address book on a server.</source>
        <translation>サーバー上のCardDAVアドレス帳。</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>ユーザー名</translation>
    </message>
    <message>
        <source>Show who is on the phone</source>
        <translation>通話中の人を表示</translation>
    </message>
    <message>
        <source>Where your phone service tells: asked for the colleagues in sight only.</source>
        <translation>電話サービスが対応している場合、表示中の人だけ問い合わせます。</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>配色</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>システムに合わせる</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>ライト</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>ダーク</translation>
    </message>
    <message>
        <source>Line for calls and texts</source>
        <translation>発信と送信の回線</translation>
    </message>
    <message>
        <source>Used unless you choose another one for a call.</source>
        <translation>発信時に別の回線を選ばない限り、この回線を使います。</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>応答不可</translation>
    </message>
    <message>
        <source>Callers are turned away without a ring, and kept as missed.</source>
        <translation>着信音を鳴らさずに断り、不在着信として残します。</translation>
    </message>
    <message>
        <source>When a call ends</source>
        <translation>通話が終わったら</translation>
    </message>
    <message>
        <source>Notes, result and what it was about can be changed any time later too.</source>
        <translation>メモ、結果、関連先は後でいつでも変更できます。</translation>
    </message>
    <message>
        <source>Wrap it up</source>
        <translation>後処理を表示</translation>
    </message>
    <message>
        <source>Straight back</source>
        <translation>すぐに戻る</translation>
    </message>
    <message>
        <source>Calls belong to</source>
        <translation>通話の関連先</translation>
    </message>
    <message>
        <source>What is offered first when a call is linked to something in Salesforce.</source>
        <translation>通話をSalesforceのレコードに関連付けるとき、最初に表示するもの。</translation>
    </message>
    <message>
        <source>Deals and cases</source>
        <translation>商談とケース</translation>
    </message>
    <message>
        <source>Deals</source>
        <translation>商談</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>ケース</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>件名</translation>
    </message>
    <message>
        <source>What calls are named: {person}, {company}, {number}, {direction}, {outcome} and {line} are filled in. Empty: as “Call to Ana Flores”.</source>
        <translation>通話の件名。{person}、{company}、{number}、{direction}、{outcome}、{line}が置き換わります。空欄なら「Call to Ana Flores」のようになります。</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>The results to choose from after a call, parted by commas. Empty: the usual ones.</source>
        <translation>通話後に選べる結果（カンマ区切り）。空欄なら標準の結果。</translation>
    </message>
    <message>
        <source>Show what texts say</source>
        <translation>メッセージの内容を表示</translation>
    </message>
    <message>
        <source>Off: a notification only tells who has texted.</source>
        <translation>オフにすると、通知には差出人だけが表示されます。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>The window speaks it at once; during a call, as soon as the call is over.</source>
        <translation>すぐに切り替わります。通話中は、通話が終わり次第切り替わります。</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>日本語</source>
        <translation>日本語</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>On</source>
        <translation>オン</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>オフ</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>このコンピューター</translation>
    </message>
    <message>
        <source>No sound device could be opened.</source>
        <translation>サウンドデバイスを開けませんでした。</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>システムに合わせる</translation>
    </message>
    <message>
        <source>None</source>
        <translation>使用しない</translation>
    </message>
    <message>
        <source>The first one</source>
        <translation>先頭の回線</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>キーボード</translation>
    </message>
    <message>
        <source>Ctrl+K or /</source>
        <translation>Ctrl+K または /</translation>
    </message>
    <message>
        <source>Search, dial or give a command</source>
        <translation>検索、発信、コマンドの実行</translation>
    </message>
    <message>
        <source>Answer the call that rings</source>
        <translation>着信に応答</translation>
    </message>
    <message>
        <source>Reject it</source>
        <translation>着信を拒否</translation>
    </message>
    <message>
        <source>Mute or unmute</source>
        <translation>ミュートまたは解除</translation>
    </message>
    <message>
        <source>Hold or resume</source>
        <translation>保留または再開</translation>
    </message>
    <message>
        <source>End the call</source>
        <translation>通話を終了</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Log the call that has ended; Esc leaves it for later</source>
        <translation>終わった通話を記録（Escで後回し）</translation>
    </message>
    <message>
        <source>Ctrl+1 to 3</source>
        <translation>Ctrl+1〜3</translation>
    </message>
    <message>
        <source>Calls, Messages, People</source>
        <translation>通話、メッセージ、連絡先</translation>
    </message>
    <message>
        <source>Details of the person, where they are folded away</source>
        <translation>相手の詳細 (折りたたまれているとき)</translation>
    </message>
    <message>
        <source>About</source>
        <translation>バージョン情報</translation>
    </message>
    <message>
        <source>Ringdown {version}</source>
        <translation>Ringdown {version}</translation>
    </message>
</context>
<context>
    <name>Shell</name>
    <message>
        <source>No browser could be opened for this page.</source>
        <translation>このページを開くブラウザーを起動できませんでした。</translation>
    </message>
    <message>
        <source>The settings from {host} are in use.</source>
        <translation>{host} からの設定を適用しました。</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Salesforce</source>
        <translation>Salesforce</translation>
    </message>
    <message>
        <source>Nobody chosen</source>
        <translation>誰も選ばれていません</translation>
    </message>
    <message>
        <source>What Salesforce knows of somebody appears here.</source>
        <translation>Salesforceにある相手の情報がここに表示されます。</translation>
    </message>
    <message>
        <source>Not signed in: what is known here</source>
        <translation>未サインイン: このコンピューター上の情報</translation>
    </message>
    <message>
        <source>Salesforce offline: what is known here</source>
        <translation>Salesforceオフライン: このコンピューター上の情報</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>再試行</translation>
    </message>
    <message>
        <source>This number, not in Salesforce</source>
        <translation>Salesforceにない番号</translation>
    </message>
    <message>
        <source>{number} ext. {extension}</source>
        <translation>{number} 内線 {extension}</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>取引先責任者</translation>
    </message>
    <message>
        <source>Lead</source>
        <translation>リード</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>取引先</translation>
    </message>
    <message>
        <source>Colleague</source>
        <translation>社内</translation>
    </message>
    <message>
        <source>owned by {name}</source>
        <translation>所有者 {name}</translation>
    </message>
    <message>
        <source>closes {date}</source>
        <translation>完了予定 {date}</translation>
    </message>
    <message>
        <source>1 text, part {part}</source>
        <translation>メッセージ1件（{part}つ目）</translation>
    </message>
    <message>
        <source>{count} texts, part {part}</source>
        <translation>メッセージ{count}件（{part}つ目）</translation>
    </message>
    <message>
        <source>1 text</source>
        <translation>メッセージ1件</translation>
    </message>
    <message>
        <source>{count} texts</source>
        <translation>メッセージ{count}件</translation>
    </message>
    <message>
        <source>Call in</source>
        <translation>着信</translation>
    </message>
    <message>
        <source>Call out</source>
        <translation>発信</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>The call is linked to {name}</source>
        <translation>この通話は{name}に関連付けられています</translation>
    </message>
    <message>
        <source>Link the call to {name}</source>
        <translation>この通話を{name}に関連付ける</translation>
    </message>
    <message>
        <source>Call {number} about {name}</source>
        <translation>{name}の件で{number}に発信</translation>
    </message>
</context>
<context>
    <name>SignIn</name>
    <message>
        <source>Looking for Salesforce…</source>
        <translation>Salesforceを探しています…</translation>
    </message>
    <message>
        <source>Waiting for your browser… If none has opened, copy the address.</source>
        <translation>ブラウザーを待っています… 開かない場合はアドレスをコピーしてください。</translation>
    </message>
</context>
<context>
    <name>SignInBar</name>
    <message>
        <source>Copy address</source>
        <translation>アドレスをコピー</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>キャンセル</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>もう一度サインイン</translation>
    </message>
</context>
<context>
    <name>Skeleton</name>
    <message>
        <source>Loading</source>
        <translation>読み込み中</translation>
    </message>
</context>
<context>
    <name>SoundTrial</name>
    <message>
        <source>Microphone level</source>
        <translation>マイクの音量</translation>
    </message>
    <message>
        <source>Speaker level</source>
        <translation>スピーカーの音量</translation>
    </message>
    <message>
        <source>Play on the speaker</source>
        <translation>スピーカーで鳴らす</translation>
    </message>
    <message>
        <source>Play on the ringer</source>
        <translation>着信音の機器で鳴らす</translation>
    </message>
    <message>
        <source>Record and play back</source>
        <translation>録音して再生</translation>
    </message>
    <message>
        <source>Test call</source>
        <translation>テスト通話</translation>
    </message>
    <message>
        <source>Microphone hears</source>
        <translation>マイク入力</translation>
    </message>
    <message>
        <source>Speaker plays</source>
        <translation>スピーカー出力</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>試してみる</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Not while there is a call.</source>
        <translation>通話中は使えません。</translation>
    </message>
    <message>
        <source>Say something: you are recorded for five seconds.</source>
        <translation>話してください。5秒間録音します。</translation>
    </message>
    <message>
        <source>This is how you sound to others.</source>
        <translation>相手にはこのように聞こえます。</translation>
    </message>
    <message>
        <source>You should hear a few notes now.</source>
        <translation>音が聞こえるはずです。</translation>
    </message>
    <message>
        <source>If you heard nothing, choose another device.</source>
        <translation>聞こえなければ、別の機器を選んでください。</translation>
    </message>
    <message>
        <source>We heard you. If you did not hear yourself, choose another speaker.</source>
        <translation>声が入りました。自分の声が聞こえなければ、別のスピーカーを選んでください。</translation>
    </message>
    <message>
        <source>We heard you only faintly: come nearer, or turn the microphone up.</source>
        <translation>声が小さいようです。近づくか、マイクの音量を上げてください。</translation>
    </message>
    <message>
        <source>The microphone is silent: choose another one.</source>
        <translation>マイクが無音です。別のマイクを選んでください。</translation>
    </message>
    <message>
        <source>The device could not be opened: choose another one.</source>
        <translation>機器を開けません。別の機器を選んでください。</translation>
    </message>
</context>
<context>
    <name>StatusBars</name>
    <message>
        <source>The phone stopped and could not be started again. Notes are safe. Start Ringdown again.</source>
        <translation>電話機能が停止し、再開できませんでした。メモは保存されています。Ringdownを再起動してください。</translation>
    </message>
    <message>
        <source>The phone is restarting. Notes are safe.</source>
        <translation>電話機能を再起動しています。メモは保存されています。</translation>
    </message>
    <message>
        <source>No line is set up yet. Import the provisioning file from your admin.</source>
        <translation>回線がまだ設定されていません。管理者から受け取った設定ファイルを読み込んでください。</translation>
    </message>
    <message>
        <source>Import provisioning file…</source>
        <translation>設定ファイルを読み込む…</translation>
    </message>
    <message>
        <source>No connection to the phone service or to Salesforce. Trying again.</source>
        <translation>電話サービスにもSalesforceにも接続できません。再試行しています。</translation>
    </message>
    <message>
        <source>Registration failed on {line}. {why}</source>
        <translation>{line} の登録に失敗しました。{why}</translation>
    </message>
    <message>
        <source>{count} lines are not connected.</source>
        <translation>{count}回線が未接続です。</translation>
    </message>
    <message>
        <source>No microphone or speaker could be opened. Calls connect, but without sound.</source>
        <translation>マイクまたはスピーカーを開けませんでした。通話はつながりますが、音声は出ません。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>設定</translation>
    </message>
    <message>
        <source>Not written to Salesforce: {what}.</source>
        <translation>Salesforceに未記録: {what}。</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>表示</translation>
    </message>
    <message>
        <source>one call</source>
        <translation>通話1件</translation>
    </message>
    <message>
        <source>{count} calls</source>
        <translation>通話{count}件</translation>
    </message>
    <message>
        <source>one day of texts</source>
        <translation>1日分のメッセージ</translation>
    </message>
    <message>
        <source>{count} days of texts</source>
        <translation>{count}日分のメッセージ</translation>
    </message>
    <message>
        <source>Salesforce cannot be reached. Calls and texts work; names come from this computer.</source>
        <translation>Salesforceに接続できません。通話とメッセージは使えます。名前はこのコンピューターの情報を表示します。</translation>
    </message>
    <message>
        <source>Signed out of Salesforce. Calls and texts work.</source>
        <translation>Salesforceからサインアウトしています。通話とメッセージは使えます。</translation>
    </message>
    <message>
        <source>Salesforce no longer accepts the sign-in. Calls and texts work.</source>
        <translation>Salesforceのサインインが無効になりました。通話とメッセージは使えます。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>もう一度試す</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>サインイン</translation>
    </message>
    <message>
        <source>{count} waiting to be sent.</source>
        <translation>{count}件が送信待ちです。</translation>
    </message>
</context>
<context>
    <name>StripBar</name>
    <message>
        <source>End</source>
        <translation>終了</translation>
    </message>
</context>
<context>
    <name>Suggest</name>
    <message>
        <source>in Salesforce</source>
        <translation>Salesforce内</translation>
    </message>
    <message>
        <source>{number} ext. {extension}</source>
        <translation>{number} 内線 {extension}</translation>
    </message>
    <message>
        <source>Call {number}</source>
        <translation>{number} に発信</translation>
    </message>
    <message>
        <source>Text {number}</source>
        <translation>{number} にメッセージ</translation>
    </message>
    <message>
        <source>Emergency call</source>
        <translation>緊急通報</translation>
    </message>
    <message>
        <source>Extension or short number</source>
        <translation>内線または短縮番号</translation>
    </message>
    <message>
        <source>Code for your phone service, dialled as typed</source>
        <translation>電話サービスの特番 (入力どおりに発信)</translation>
    </message>
    <message>
        <source>SIP address</source>
        <translation>SIPアドレス</translation>
    </message>
    <message>
        <source>Do not call</source>
        <translation>電話禁止</translation>
    </message>
    <message>
        <source>{count} people have this number</source>
        <translation>{count}人がこの番号を使っています</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>発信</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>名前なし</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>コマンド</translation>
    </message>
</context>
<context>
    <name>TextSuggest</name>
    <message>
        <source>“{text}” cannot be texted.</source>
        <translation>「{text}」にはメッセージを送れません。</translation>
    </message>
    <message>
        <source>Nobody called “{text}”, and it is not a phone number.</source>
        <translation>「{text}」という名前の人はなく、電話番号でもありません。</translation>
    </message>
</context>
<context>
    <name>Thread</name>
    <message>
        <source>Retry</source>
        <translation>再試行</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>再送信</translation>
    </message>
    <message>
        <source>The end of this text did not arrive</source>
        <translation>このメッセージの末尾は届きませんでした</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新着</translation>
    </message>
</context>
<context>
    <name>ThreadHeader</name>
    <message>
        <source>Call</source>
        <translation>発信</translation>
    </message>
    <message>
        <source>New contact</source>
        <translation>新規取引先責任者</translation>
    </message>
    <message>
        <source>Conversation with {name}</source>
        <translation>{name} との会話</translation>
    </message>
    <message>
        <source>on {line}</source>
        <translation>回線 {line}</translation>
    </message>
</context>
<context>
    <name>ThreadList</name>
    <message>
        <source>Newest</source>
        <translation>最新へ</translation>
    </message>
    <message>
        <source>Copy text</source>
        <translation>テキストをコピー</translation>
    </message>
</context>
<context>
    <name>ThreadView</name>
    <message>
        <source>Conversation</source>
        <translation>会話</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>メッセージ</translation>
    </message>
    <message>
        <source>No conversation</source>
        <translation>会話はありません</translation>
    </message>
    <message>
        <source>This conversation cannot be shown</source>
        <translation>この会話は表示できません</translation>
    </message>
    <message>
        <source>No conversation open</source>
        <translation>開いている会話はありません</translation>
    </message>
    <message>
        <source>Choose one, or start a new message.</source>
        <translation>会話を選ぶか、新規メッセージを始めてください。</translation>
    </message>
    <message>
        <source>No texts yet</source>
        <translation>メッセージはまだありません</translation>
    </message>
    <message>
        <source>What you write below is the first one.</source>
        <translation>下に入力するメッセージが最初の1通になります。</translation>
    </message>
    <message>
        <source>Not connected: texts wait here</source>
        <translation>未接続: メッセージは送信待ちになります</translation>
    </message>
    <message>
        <source>The sender hid the number: there is nobody to answer.</source>
        <translation>送信者が番号を非通知にしているため、返信できません。</translation>
    </message>
</context>
<context>
    <name>ToneKeypad</name>
    <message>
        <source>Close the keypad</source>
        <translation>キーパッドを閉じる</translation>
    </message>
    <message>
        <source>Tones to {name}</source>
        <translation>{name} へのプッシュ音</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Keypad</source>
        <translation>キーパッド</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>詳細</translation>
    </message>
    <message>
        <source>Ctrl+D</source>
        <translation>Ctrl+D</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>応答不可</translation>
    </message>
    <message>
        <source>Callers are turned away without a ring. Press to let calls ring again.</source>
        <translation>着信音を鳴らさずに断っています。押すと解除します。</translation>
    </message>
    <message>
        <source>No line</source>
        <translation>回線なし</translation>
    </message>
    <message>
        <source>No line is set up yet.</source>
        <translation>回線がまだ設定されていません。</translation>
    </message>
    <message>
        <source>{count} waiting to be sent…</source>
        <translation>{count}件が送信待ち…</translation>
    </message>
    <message>
        <source>Import provisioning file…</source>
        <translation>設定ファイルを読み込む…</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>利用可能</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>接続中</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>未接続</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>オフ</translation>
    </message>
    <message>
        <source>Salesforce: {name}</source>
        <translation>Salesforce: {name}</translation>
    </message>
    <message>
        <source>Salesforce: offline</source>
        <translation>Salesforce: オフライン</translation>
    </message>
    <message>
        <source>not signed in</source>
        <translation>未サインイン</translation>
    </message>
    <message>
        <source>Salesforce: {problem}</source>
        <translation>Salesforce: {problem}</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Hang up</source>
        <translation>電話を切る</translation>
    </message>
    <message>
        <source>Open Ringdown</source>
        <translation>Ringdownを開く</translation>
    </message>
    <message>
        <source>Do not disturb</source>
        <translation>応答不可</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>終了</translation>
    </message>
    <message>
        <source>{count} new</source>
        <translation>新着{count}件</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>再開</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>In a call</source>
        <translation>通話中</translation>
    </message>
    <message>
        <source>Incoming call</source>
        <translation>着信</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>利用可能</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>接続中</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>未接続</translation>
    </message>
    <message>
        <source>No line</source>
        <translation>回線なし</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>{name} is in Salesforce now.</source>
        <translation>{name}をSalesforceに登録しました。</translation>
    </message>
    <message>
        <source>The number is {name}&apos;s now.</source>
        <translation>番号を{name}に追加しました。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>元に戻す</translation>
    </message>
</context>
<context>
    <name>Who</name>
    <message>
        <source>Open in Salesforce</source>
        <translation>Salesforceで開く</translation>
    </message>
    <message>
        <source>Read again from Salesforce</source>
        <translation>Salesforceから再読み込み</translation>
    </message>
    <message>
        <source>Do not call</source>
        <translation>電話禁止</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>名前なし</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Type a number first.</source>
        <translation>先に番号を入力してください。</translation>
    </message>
    <message>
        <source>“{typed}” is not a phone number.</source>
        <translation>「{typed}」は電話番号ではありません。</translation>
    </message>
    <message>
        <source>“{typed}” is too short for a phone number.</source>
        <translation>「{typed}」は電話番号としては短すぎます。</translation>
    </message>
    <message>
        <source>“{typed}” is too long for a phone number.</source>
        <translation>「{typed}」は電話番号としては長すぎます。</translation>
    </message>
    <message>
        <source>“{typed}” cannot be a phone number: no country has such a number.</source>
        <translation>「{typed}」は電話番号として使えません。このような番号はどの国にもありません。</translation>
    </message>
    <message>
        <source>International calls are not allowed on line {line}.</source>
        <translation>回線 {line} では国際電話をかけられません。</translation>
    </message>
    <message>
        <source>The demo never calls an emergency number. Use a real phone.</source>
        <translation>デモでは緊急通報できません。実際の電話を使ってください。</translation>
    </message>
    <message>
        <source>Texting emergency services is not supported here. Call instead.</source>
        <translation>緊急通報機関へのメッセージ送信には対応していません。電話をかけてください。</translation>
    </message>
    <message>
        <source>There is no text to send.</source>
        <translation>送信するメッセージがありません。</translation>
    </message>
    <message>
        <source>The text is too long: {bytes} bytes, and {most} fit.</source>
        <translation>メッセージが長すぎます。{bytes}バイトありますが、上限は{most}バイトです。</translation>
    </message>
    <message>
        <source>The text could not be sent: {reason}</source>
        <translation>メッセージを送信できませんでした: {reason}</translation>
    </message>
    <message>
        <source>No line is set up yet. Import your provisioning file first.</source>
        <translation>回線がまだ設定されていません。先に設定ファイルを読み込んでください。</translation>
    </message>
    <message>
        <source>There is no line “{line}”.</source>
        <translation>回線「{line}」はありません。</translation>
    </message>
    <message>
        <source>Line {line} is not registered: {reason}</source>
        <translation>回線 {line} は登録されていません: {reason}</translation>
    </message>
    <message>
        <source>“{caller_id}” is not a caller ID of line {line}.</source>
        <translation>「{caller_id}」は回線 {line} の発信者番号ではありません。</translation>
    </message>
    <message>
        <source>There is no live call “{call}”.</source>
        <translation>通話中の電話「{call}」はありません。</translation>
    </message>
    <message>
        <source>There is no live call.</source>
        <translation>通話中の電話はありません。</translation>
    </message>
    <message>
        <source>There are several live calls: say which one.</source>
        <translation>通話中の電話が複数あります。どれかを指定してください。</translation>
    </message>
    <message>
        <source>The call is {state}: that is not possible now.</source>
        <translation>現在の通話の状態 ({state}) では、その操作はできません。</translation>
    </message>
    <message>
        <source>There are already {most} calls. End one first.</source>
        <translation>すでに{most}件の通話があります。先に1件を終了してください。</translation>
    </message>
    <message>
        <source>{name} asked not to be called. To call all the same, add --anyway.</source>
        <translation>{name}さんは電話を希望していません。それでも発信するには --anyway を付けてください。</translation>
    </message>
    <message>
        <source>Only 0-9, *, #, A-D and commas can be sent as tones.</source>
        <translation>プッシュ音として送れるのは 0〜9、*、#、A〜D、カンマだけです。</translation>
    </message>
    <message>
        <source>The phone engine is just starting. Try again in a moment.</source>
        <translation>電話エンジンを起動しています。少し待ってからもう一度お試しください。</translation>
    </message>
    <message>
        <source>The call failed: {reason}</source>
        <translation>通話できませんでした: {reason}</translation>
    </message>
    <message>
        <source>There is no call “{call}”.</source>
        <translation>通話「{call}」はありません。</translation>
    </message>
    <message>
        <source>This computer has no usable password store. Start GNOME Keyring, KWallet or another Secret Service, then start Ringdown again.</source>
        <translation>このコンピューターには使用できるパスワードの保管場所がありません。GNOMEキーリング、KWalletなどのSecret Serviceを起動してから、Ringdownを再起動してください。</translation>
    </message>
    <message>
        <source>The password store is locked. Unlock it, then try again.</source>
        <translation>パスワードの保管場所がロックされています。解除してからもう一度お試しください。</translation>
    </message>
    <message>
        <source>The key of the local data is not in this computer&apos;s password store. The data ({path}) was left untouched. Log in to the desktop that set Ringdown up, or move that file away to start afresh.</source>
        <translation>ローカルデータのキーが、このコンピューターのパスワードの保管場所にありません。データ ({path}) には手を加えていません。Ringdownを設定したデスクトップにログインするか、そのファイルを別の場所に移して最初からやり直してください。</translation>
    </message>
    <message>
        <source>The local data was written by a newer Ringdown. Update this one.</source>
        <translation>ローカルデータは新しいバージョンのRingdownで作成されています。Ringdownを更新してください。</translation>
    </message>
    <message>
        <source>The disk is full. Make room: what you type now may not be kept.</source>
        <translation>ディスクの空きがありません。空きを作ってください。今入力した内容は保存されない可能性があります。</translation>
    </message>
    <message>
        <source>Ringdown may not write to its folder ({path}). Ask your admin to let you write there.</source>
        <translation>Ringdownのフォルダー ({path}) に書き込めません。書き込めるようにするよう管理者に依頼してください。</translation>
    </message>
    <message>
        <source>Salesforce cannot be reached. Everything waits here and is sent later.</source>
        <translation>Salesforceに接続できません。すべてここに保存され、後で送信されます。</translation>
    </message>
    <message>
        <source>Salesforce no longer accepts the sign-in. Sign in again; everything waits here.</source>
        <translation>Salesforceのサインインが無効になりました。もう一度サインインしてください。それまですべてここに保存されます。</translation>
    </message>
    <message>
        <source>Salesforce is busy with this record. It is tried again.</source>
        <translation>Salesforceがこのレコードを処理中です。再試行します。</translation>
    </message>
    <message>
        <source>Your organisation has used up its Salesforce requests for now. Everything waits here.</source>
        <translation>組織のSalesforceへのリクエスト数が上限に達しました。すべてここに保存されます。</translation>
    </message>
    <message>
        <source>Salesforce refused it: {message}</source>
        <translation>Salesforceに拒否されました: {message}</translation>
    </message>
    <message>
        <source>Salesforce no longer has this record: {message}</source>
        <translation>このレコードはSalesforceにありません: {message}</translation>
    </message>
    <message>
        <source>The Ringdown package is not installed in Salesforce, so days of texts cannot be kept there. Ask your admin.</source>
        <translation>SalesforceにRingdownパッケージがインストールされていないため、メッセージの日別記録を保存できません。管理者に問い合わせてください。</translation>
    </message>
    <message>
        <source>Salesforce may already have this one: {message}</source>
        <translation>すでにSalesforceにあるかもしれません：{message}</translation>
    </message>
    <message>
        <source>Somebody changed this record in Salesforce just now. Look again.</source>
        <translation>このレコードはたった今Salesforceで変更されました。もう一度確認してください。</translation>
    </message>
    <message>
        <source>Your admin has not set up the sign-in yet: the provisioning file names no Salesforce app (client_id).</source>
        <translation>管理者がサインインをまだ設定していません。設定ファイルにSalesforceのアプリ（client_id）がありません。</translation>
    </message>
    <message>
        <source>“{typed}” is not the address of a Salesforce sign-in page. Type it as in acme.my.salesforce.com.</source>
        <translation>「{typed}」はSalesforceのサインインページのアドレスではありません。acme.my.salesforce.comのように入力してください。</translation>
    </message>
    <message>
        <source>{host} cannot be reached. Check the network and the address, then sign in again. Calls and texts work.</source>
        <translation>{host}に接続できません。ネットワークとアドレスを確認して、もう一度サインインしてください。通話とメッセージは使えます。</translation>
    </message>
    <message>
        <source>Your network&apos;s proxy does not let Ringdown through to {host}. Ask your admin.</source>
        <translation>ネットワークのプロキシが{host}への接続を許可していません。管理者に相談してください。</translation>
    </message>
    <message>
        <source>The connection to {host} is not safe: this computer does not trust its certificate. Ask your admin; do not sign in on a network you do not know.</source>
        <translation>{host}への接続は安全ではありません。このPCは証明書を信頼していません。管理者に相談し、知らないネットワークではサインインしないでください。</translation>
    </message>
    <message>
        <source>{host} is not a Salesforce sign-in page. Check the address of your domain.</source>
        <translation>{host}はSalesforceのサインインページではありません。ドメインのアドレスを確認してください。</translation>
    </message>
    <message>
        <source>Other programs use every port the sign-in can come back to ({ports}). Close them or restart the computer, then sign in again.</source>
        <translation>サインインの戻り先のポート（{ports}）がすべて使用中です。ほかのプログラムを閉じるかPCを再起動して、もう一度サインインしてください。</translation>
    </message>
    <message>
        <source>No browser could be opened. Copy the address and open it in one yourself.</source>
        <translation>ブラウザーを開けませんでした。アドレスをコピーして、ご自身で開いてください。</translation>
    </message>
    <message>
        <source>No answer came from the browser in time. Sign in again; if the browser shows an error, tell your admin what it says.</source>
        <translation>時間内にブラウザーから応答がありませんでした。もう一度サインインしてください。ブラウザーにエラーが出ていれば、その内容を管理者に伝えてください。</translation>
    </message>
    <message>
        <source>The sign-in was cancelled.</source>
        <translation>サインインをキャンセルしました。</translation>
    </message>
    <message>
        <source>What the browser answered belongs to another sign-in and was not used. Close its old tabs, then sign in again.</source>
        <translation>ブラウザーの応答は別のサインインのものだったため、使いませんでした。古いタブを閉じて、もう一度サインインしてください。</translation>
    </message>
    <message>
        <source>Access was not allowed. Sign in again and choose Allow.</source>
        <translation>アクセスが許可されませんでした。もう一度サインインして「許可」を選んでください。</translation>
    </message>
    <message>
        <source>The sign-in page was too old or was used twice. Sign in again.</source>
        <translation>サインインページが古いか、二度使われました。もう一度サインインしてください。</translation>
    </message>
    <message>
        <source>Salesforce does not know the app this computer names. Ask your admin to check the client_id.</source>
        <translation>Salesforceがこのアプリを認識できません。管理者にclient_idの確認を依頼してください。</translation>
    </message>
    <message>
        <source>Ringdown is not installed in your Salesforce. Ask your admin to install the app.</source>
        <translation>お使いのSalesforceにRingdownがインストールされていません。管理者にインストールを依頼してください。</translation>
    </message>
    <message>
        <source>The app in Salesforce does not list the address {address}. Ask your admin to add it as a callback URL.</source>
        <translation>Salesforceのアプリにアドレス{address}が登録されていません。管理者にコールバックURLへの追加を依頼してください。</translation>
    </message>
    <message>
        <source>Your Salesforce user or organisation is not active. Ask your admin; everything waits.</source>
        <translation>Salesforceのユーザーまたは組織が無効です。管理者に相談してください。すべてここで待機します。</translation>
    </message>
    <message>
        <source>Your organisation has blocked Ringdown in Salesforce. Ask your admin.</source>
        <translation>組織がSalesforceでRingdownをブロックしています。管理者に相談してください。</translation>
    </message>
    <message>
        <source>Your admin has not given you the Ringdown app in Salesforce yet. Ask for it.</source>
        <translation>SalesforceのRingdownアプリの使用がまだ許可されていません。管理者に依頼してください。</translation>
    </message>
    <message>
        <source>Salesforce does not allow a sign-in from this network or at this hour. Use the office network or VPN, or ask your admin.</source>
        <translation>このネットワークまたはこの時間帯からのサインインは許可されていません。社内ネットワークかVPNを使うか、管理者に相談してください。</translation>
    </message>
    <message>
        <source>Salesforce does not let Ringdown use its API for you. Ask your admin for the permission “API Enabled”, and whether the app is blocked.</source>
        <translation>RingdownはSalesforceのAPIを使えません。権限「APIの有効化」と、アプリがブロックされていないかを管理者に確認してください。</translation>
    </message>
    <message>
        <source>Salesforce refused the sign-in: {message}</source>
        <translation>Salesforceがサインインを拒否しました：{message}</translation>
    </message>
    <message>
        <source>Salesforce has ended this sign-in: after a long absence, by your admin, or because you signed in on more than four other computers. Sign in again; everything waits here.</source>
        <translation>Salesforceがこのサインインを終了しました（長期間の不使用、管理者の操作、または5台以上でのサインイン）。もう一度サインインしてください。すべてここで待機します。</translation>
    </message>
    <message>
        <source>The sign-in could not be renewed safely. Sign in again; everything waits here.</source>
        <translation>サインインを安全に更新できませんでした。もう一度サインインしてください。すべてここで待機します。</translation>
    </message>
    <message>
        <source>You are signed out here, but Salesforce could not be told. Your admin can end the sign-in there.</source>
        <translation>ここではサインアウトしましたが、Salesforceに通知できませんでした。管理者がSalesforce側で終了できます。</translation>
    </message>
    <message>
        <source>Settings from {host} are not allowed: your admin has not listed it.</source>
        <translation>{host} からの設定は許可されていません。管理者の許可リストにありません。</translation>
    </message>
    <message>
        <source>The settings could not be fetched: {detail}.</source>
        <translation>設定を取得できませんでした: {detail}</translation>
    </message>
    <message>
        <source>Your organisation manages the lines of this computer. Ask your admin.</source>
        <translation>このコンピューターの回線は組織が管理しています。管理者に問い合わせてください。</translation>
    </message>
    <message>
        <source>The folder {path} cannot be used: {detail}. Put that right, or ask your admin; then start Ringdown again.</source>
        <translation>フォルダー {path} を使用できません ({detail})。原因を取り除くか管理者に相談してから、Ringdownをもう一度起動してください。</translation>
    </message>
    <message>
        <source>The settings ({path}) cannot be read: {detail}. Correct them, or move that file away and import your provisioning file again.</source>
        <translation>設定 ({path}) を読み込めません ({detail})。内容を修正するか、このファイルを移動してから、管理者から受け取った設定ファイルをもう一度読み込んでください。</translation>
    </message>
    <message>
        <source>The demo&apos;s far end or Salesforce could not be started. Start the demo again; if that does not help, what is in {path} says why.</source>
        <translation>デモの通話相手またはSalesforceを起動できませんでした。デモをもう一度起動してください。それでも起動できない場合は、{path} のログで原因を確認できます。</translation>
    </message>
    <message>
        <source>it is still registering.</source>
        <translation>まだ登録中です。</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>ファイルまたはフォルダーがありません</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>アクセスする権限がありません</translation>
    </message>
    <message>
        <source>Operation not permitted</source>
        <translation>この操作は許可されていません</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>ファイルではなくフォルダーです</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>フォルダーではありません</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>同じ名前のファイルがあります</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>ディスクに空きがありません</translation>
    </message>
    <message>
        <source>Disk quota exceeded</source>
        <translation>ディスクの割り当て容量を超えています</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>読み取り専用のディスクです</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>開いているファイルが多すぎます</translation>
    </message>
    <message>
        <source>Too many open files in system</source>
        <translation>システム全体で開いているファイルが多すぎます</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>ファイル名が長すぎます</translation>
    </message>
    <message>
        <source>Too many levels of symbolic links</source>
        <translation>シンボリックリンクの階層が深すぎます</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>読み書き中にエラーが発生しました</translation>
    </message>
    <message>
        <source>No locks available</source>
        <translation>ファイルをロックできません</translation>
    </message>
    <message>
        <source>Connection timed out</source>
        <translation>接続がタイムアウトしました</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>原因は不明です</translation>
    </message>
    <message>
        <source>no folder is named</source>
        <translation>フォルダーが指定されていません</translation>
    </message>
    <message>
        <source>there is no such user</source>
        <translation>そのようなユーザーはいません</translation>
    </message>
    <message>
        <source>its links lead in a circle</source>
        <translation>リンクが循環しています</translation>
    </message>
    <message>
        <source>this user has no home folder</source>
        <translation>このユーザーにはホームフォルダーがありません</translation>
    </message>
    <message>
        <source>it belongs to another user</source>
        <translation>別のユーザーのものです</translation>
    </message>
    <message>
        <source>it holds other files, and a demo throws its folder away</source>
        <translation>ほかのファイルがあり、デモはフォルダーの中身を消去します</translation>
    </message>
    <message>
        <source>only https addresses are read</source>
        <translation>読み込めるのはhttpsのアドレスだけです</translation>
    </message>
    <message>
        <source>it cannot be reached</source>
        <translation>接続できません</translation>
    </message>
    <message>
        <source>its certificate cannot be trusted</source>
        <translation>証明書を信頼できません</translation>
    </message>
    <message>
        <source>the server answered {status}</source>
        <translation>サーバーの応答コードは {status} です</translation>
    </message>
    <message>
        <source>its answer broke off</source>
        <translation>応答が途中で切れました</translation>
    </message>
    <message>
        <source>it took too long</source>
        <translation>時間がかかりすぎました</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>サイズが大きすぎます</translation>
    </message>
    <message>
        <source>it is too large to be settings</source>
        <translation>設定ファイルとしては大きすぎます</translation>
    </message>
    <message>
        <source>it is not text</source>
        <translation>テキストではありません</translation>
    </message>
    <message>
        <source>{said}</source>
        <translation>書式に誤りがあります: {said}</translation>
    </message>
    <message>
        <source>it is nested too deeply</source>
        <translation>入れ子が深すぎます</translation>
    </message>
    <message>
        <source>{where}: a link cannot name a file</source>
        <translation>{where}: リンクからはファイルを指定できません</translation>
    </message>
    <message>
        <source>[[line]] must be written with two brackets</source>
        <translation>[[line]] は二重の角かっこで書いてください</translation>
    </message>
    <message>
        <source>a [[line]] needs an id</source>
        <translation>[[line]] には id が必要です</translation>
    </message>
    <message>
        <source>{where} needs a uri that begins with sip:</source>
        <translation>{where} には sip: で始まる uri が必要です</translation>
    </message>
    <message>
        <source>{where} must not hold line breaks or control characters</source>
        <translation>{where} に改行や制御文字は使えません</translation>
    </message>
    <message>
        <source>{where} must begin with https:// (http:// only for this computer)</source>
        <translation>{where} は https:// で始めてください（http:// はこのコンピューターのみ）</translation>
    </message>
    <message>
        <source>{where} cannot be {value}</source>
        <translation>{where} に {value} は指定できません</translation>
    </message>
    <message>
        <source>{where} must be written in quotes</source>
        <translation>{where} は引用符で囲んでください</translation>
    </message>
    <message>
        <source>{where} must be a table</source>
        <translation>{where} はテーブルとして書いてください</translation>
    </message>
    <message>
        <source>{where} must be true or false</source>
        <translation>{where} は true か false にしてください</translation>
    </message>
    <message>
        <source>{where} must be 0 or 1</source>
        <translation>{where} は 0 か 1 にしてください</translation>
    </message>
    <message>
        <source>{where} must be a list of words in quotes</source>
        <translation>{where} は引用符で囲んだ語のリストにしてください</translation>
    </message>
    <message>
        <source>{where} is no host name</source>
        <translation>{where} はホスト名ではありません</translation>
    </message>
    <message>
        <source>{where} is no pattern</source>
        <translation>{where} は正しいパターンではありません</translation>
    </message>
    <message>
        <source>the organisation&apos;s policy must belong to the administrator</source>
        <translation>組織のポリシーの所有者は管理者でなければなりません</translation>
    </message>
    <message>
        <source>the organisation&apos;s policy may be writable by the administrator only</source>
        <translation>組織のポリシーに書き込めるのは管理者だけでなければなりません</translation>
    </message>
    <message>
        <source>the folder of the organisation&apos;s policy may be writable by the administrator only</source>
        <translation>組織のポリシーのフォルダーに書き込めるのは管理者だけでなければなりません</translation>
    </message>
    <message>
        <source>the organisation&apos;s policy must be a plain file</source>
        <translation>組織のポリシーは通常のファイルでなければなりません</translation>
    </message>
    <message>
        <source>the organisation&apos;s policy is too large</source>
        <translation>組織のポリシーのサイズが大きすぎます</translation>
    </message>
    <message>
        <source>the organisation&apos;s policy cannot be read</source>
        <translation>組織のポリシーを読み込めません</translation>
    </message>
    <message>
        <source>it is no file</source>
        <translation>ファイルではありません</translation>
    </message>
    <message>
        <source>there is no such file</source>
        <translation>そのようなファイルはありません</translation>
    </message>
    <message>
        <source>the list is too large</source>
        <translation>一覧のサイズが大きすぎます</translation>
    </message>
    <message>
        <source>the list is not written in UTF-8</source>
        <translation>一覧の文字コードがUTF-8ではありません</translation>
    </message>
    <message>
        <source>its first line names no column “name”</source>
        <translation>先頭の行に「name」の列がありません</translation>
    </message>
    <message>
        <source>it is no CSV list</source>
        <translation>CSV形式の一覧ではありません</translation>
    </message>
    <message>
        <source>the server&apos;s answer cannot be read</source>
        <translation>サーバーの応答を読み取れません</translation>
    </message>
    <message>
        <source>it does not accept the user name or password</source>
        <translation>ユーザー名またはパスワードが受け付けられません</translation>
    </message>
    <message>
        <source>the address book is too large</source>
        <translation>アドレス帳のサイズが大きすぎます</translation>
    </message>
    <message>
        <source>there is no address book at this address</source>
        <translation>このアドレスにアドレス帳はありません</translation>
    </message>
    <message>
        <source>its path has a control character</source>
        <translation>パスに制御文字が含まれています</translation>
    </message>
    <message>
        <source>the sandbox does not allow this</source>
        <translation>サンドボックスで許可されていません</translation>
    </message>
    <message>
        <source>Ringdown must be installed for this</source>
        <translation>これにはRingdownのインストールが必要です</translation>
    </message>
    <message>
        <source>only the installed app can take links</source>
        <translation>リンクを開けるのはインストール済みのアプリだけです</translation>
    </message>
    <message>
        <source>it does not declare {scheme}: links</source>
        <translation>{scheme}: のリンクに対応していません</translation>
    </message>
    <message>
        <source>macOS error {status}</source>
        <translation>macOSのエラー {status}</translation>
    </message>
    <message>
        <source>its Info.plist cannot be read</source>
        <translation>Info.plistを読み込めません</translation>
    </message>
    <message>
        <source>the app may not stay signed in (scope refresh_token)</source>
        <translation>アプリにサインインの維持が許可されていません（スコープ refresh_token）</translation>
    </message>
    <message>
        <source>dialing</source>
        <translation>発信中</translation>
    </message>
    <message>
        <source>ringing</source>
        <translation>呼び出し中</translation>
    </message>
    <message>
        <source>active</source>
        <translation>通話中</translation>
    </message>
    <message>
        <source>held</source>
        <translation>保留中</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>終了</translation>
    </message>
    <message>
        <source>{path} cannot be used: {detail}</source>
        <translation>{path} を使用できません: {detail}</translation>
    </message>
    <message>
        <source>The local data ({path}) cannot be opened: it is damaged, or the key in the password store is not its own. It was left untouched. Restart the computer; if that does not help, ask your admin: without that file Ringdown starts afresh, and what still waits in it is lost.</source>
        <translation>ローカルデータ ({path}) を開けません。データが破損しているか、パスワードの保管場所のキーが異なります。データには手を加えていません。コンピューターを再起動してください。それでも開けない場合は管理者に相談してください。このファイルを移動すると最初からやり直すことになり、まだ送信されていない内容は失われます。</translation>
    </message>
    <message>
        <source>Ringdown is running already, but does not answer: it may be just starting or ending. Wait a moment, then start it again; if that does not help, restart the computer.</source>
        <translation>Ringdownはすでに実行中ですが、応答がありません。起動中または終了中の可能性があります。少し待ってからもう一度起動してください。それでも応答がない場合は、コンピューターを再起動してください。</translation>
    </message>
    <message>
        <source>The company directory cannot be read: {detail}. Colleagues stay as they were.</source>
        <translation>会社の電話帳を読み込めません：{detail}。社内の一覧はそのままです。</translation>
    </message>
    <message>
        <source>“{link}” is not a link Ringdown understands.</source>
        <translation>「{link}」はRingdownで開けるリンクではありません。</translation>
    </message>
    <message>
        <source>Ringdown is not running on this profile.</source>
        <translation>このプロファイルでRingdownは起動していません。</translation>
    </message>
    <message>
        <source>Nothing happened within {seconds} seconds.</source>
        <translation>{seconds}秒以内に何も起こりませんでした。</translation>
    </message>
    <message>
        <source>{failed} could not be sent to Salesforce, {waiting} still wait.</source>
        <translation>{failed}件をSalesforceに送信できませんでした。{waiting}件が送信待ちです。</translation>
    </message>
    <message>
        <source>There is no screen to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set).</source>
        <translation>ウィンドウを開く画面がありません (DISPLAYもWAYLAND_DISPLAYも設定されていません)。</translation>
    </message>
    <message>
        <source>Ringdown made a mistake of its own. Nothing you wrote is lost; try again.</source>
        <translation>Ringdown自体に不具合が起きました。入力した内容は失われていません。もう一度お試しください。</translation>
    </message>
    <message>
        <source>{detail}</source>
        <translation>{detail}</translation>
    </message>
    <message>
        <source>the call ended.</source>
        <translation>通話が終了しました。</translation>
    </message>
    <message>
        <source>this number does not exist.</source>
        <translation>この番号は使われていません。</translation>
    </message>
    <message>
        <source>busy.</source>
        <translation>話し中です。</translation>
    </message>
    <message>
        <source>the call was declined.</source>
        <translation>通話が拒否されました。</translation>
    </message>
    <message>
        <source>no answer.</source>
        <translation>応答がありません。</translation>
    </message>
    <message>
        <source>not available now.</source>
        <translation>現在応答できません。</translation>
    </message>
    <message>
        <source>the other side does not respond.</source>
        <translation>相手側が応答しません。</translation>
    </message>
    <message>
        <source>your phone service does not allow this call.</source>
        <translation>電話サービスがこの通話を許可していません。</translation>
    </message>
    <message>
        <source>the two phones could not agree on sound or encryption.</source>
        <translation>双方の電話で音声または暗号化の方式が一致しませんでした。</translation>
    </message>
    <message>
        <source>the network connection failed.</source>
        <translation>ネットワーク接続に失敗しました。</translation>
    </message>
    <message>
        <source>the phone service has a problem.</source>
        <translation>電話サービスに問題が発生しています。</translation>
    </message>
    <message>
        <source>the phone engine stopped. Call again.</source>
        <translation>電話機能が停止しました。かけ直してください。</translation>
    </message>
    <message>
        <source>Ringdown was closed during the call.</source>
        <translation>通話中にRingdownが終了しました。</translation>
    </message>
    <message>
        <source>the phone service refused it.</source>
        <translation>電話サービスに拒否されました。</translation>
    </message>
    <message>
        <source>the phone service&apos;s address is wrong.</source>
        <translation>電話サービスのアドレスが正しくありません。</translation>
    </message>
    <message>
        <source>there are too many calls at once.</source>
        <translation>同時通話数が多すぎます。</translation>
    </message>
    <message>
        <source>Ready; this line needs no registration.</source>
        <translation>利用可能です。この回線に登録は不要です。</translation>
    </message>
    <message>
        <source>The phone service does not accept the user name or password. Ask your admin.</source>
        <translation>ユーザー名またはパスワードが電話サービスに受け付けられません。管理者に問い合わせてください。</translation>
    </message>
    <message>
        <source>The password of this line is missing. Import your provisioning file again.</source>
        <translation>この回線のパスワードがありません。設定ファイルをもう一度読み込んでください。</translation>
    </message>
    <message>
        <source>Your password store does not give this line&apos;s password. Trying again.</source>
        <translation>パスワードの保管場所からこの回線のパスワードを取得できません。再試行しています。</translation>
    </message>
    <message>
        <source>The phone service does not allow this line.</source>
        <translation>電話サービスがこの回線を許可していません。</translation>
    </message>
    <message>
        <source>The phone service does not know this line.</source>
        <translation>この回線は電話サービスに登録されていません。</translation>
    </message>
    <message>
        <source>The phone service cannot be reached. Trying again.</source>
        <translation>電話サービスに接続できません。再試行しています。</translation>
    </message>
    <message>
        <source>The phone service does not respond. Trying again.</source>
        <translation>電話サービスが応答しません。再試行しています。</translation>
    </message>
    <message>
        <source>The phone service&apos;s certificate cannot be trusted.</source>
        <translation>電話サービスの証明書を信頼できません。</translation>
    </message>
    <message>
        <source>The phone service&apos;s certificate is made out to another name. Ask your admin.</source>
        <translation>電話サービスの証明書の名前が一致しません。管理者に問い合わせてください。</translation>
    </message>
    <message>
        <source>The phone service&apos;s certificate comes from an authority this computer does not trust.</source>
        <translation>電話サービスの証明書は、このコンピューターが信頼していない認証局のものです。</translation>
    </message>
    <message>
        <source>The phone service&apos;s certificate has expired, or this computer&apos;s clock is wrong.</source>
        <translation>電話サービスの証明書の期限が切れているか、このコンピューターの時計がずれています。</translation>
    </message>
    <message>
        <source>The phone service&apos;s address is wrong.</source>
        <translation>電話サービスのアドレスが正しくありません。</translation>
    </message>
    <message>
        <source>The phone service&apos;s address is IPv6, which Ringdown cannot use yet. Ask your admin for a name.</source>
        <translation>電話サービスのアドレスがIPv6です。Ringdownではまだ使えません。管理者にホスト名を問い合わせてください。</translation>
    </message>
    <message>
        <source>Another program uses this line&apos;s port. Trying again.</source>
        <translation>この回線のポートを別のプログラムが使用しています。再試行しています。</translation>
    </message>
    <message>
        <source>The phone service has a problem. Trying again.</source>
        <translation>電話サービスに問題が発生しています。再試行しています。</translation>
    </message>
    <message>
        <source>The phone engine is restarting.</source>
        <translation>電話機能を再起動しています。</translation>
    </message>
</context>
<context>
    <name>WrapupPanel</name>
    <message>
        <source>Details</source>
        <translation>詳細</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>件名</translation>
    </message>
    <message>
        <source>Result in your own words</source>
        <translation>結果（自由入力）</translation>
    </message>
    <message>
        <source>Other…</source>
        <translation>その他…</translation>
    </message>
    <message>
        <source>Follow-up</source>
        <translation>フォローアップ</translation>
    </message>
    <message>
        <source>For example: fri 3pm send quote</source>
        <translation>例: fri 3pm 見積送付</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>記録</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>あとで</translation>
    </message>
    <message>
        <source>Ctrl+Enter logs, Esc leaves it</source>
        <translation>Ctrl+Enterで記録、Escで後回し</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>About</source>
        <translation>関連先</translation>
    </message>
    <message>
        <source>Fewer details</source>
        <translation>詳細を閉じる</translation>
    </message>
    <message>
        <source>Subject, result and more</source>
        <translation>件名・結果など</translation>
    </message>
    <message>
        <source>Begin with a day or a time, such as “tomorrow 3pm” or “11/27”.</source>
        <translation>「明日15時」や「11/27」のように、日付か時刻から始めてください。</translation>
    </message>
</context>
<context>
    <name>_Key</name>
    <message>
        <source>Hold it down for {key}</source>
        <translation>長押しで{key}</translation>
    </message>
</context>
<context>
    <name>_Offers</name>
    <message>
        <source>Suggestions</source>
        <translation>候補</translation>
    </message>
</context>
</TS>
