using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Masumi.Contracts.Common;
using Masumi.Node.Settings;

namespace Masumi.Node.Setup;

/// <summary>The settings of a new node as a file that explains itself.</summary>
internal static class SettingsFile
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Its text: JSON with comments.</summary>
    public static string Write(SetupAnswers answers)
    {
        var a = answers;
        var text = new Lines();
        text.Add(0, "{");
        text.Comment(1, "Settings of a Masumi node: masumi node --config THIS_FILE. Every one of them can also come from the environment:");
        text.Comment(
            1,
            $"{SettingsText.Variable("chain.key")} is chain.key, {SettingsText.Variable("sources[0].wallets[0].mnemonic")} is sources[0].wallets[0].mnemonic."
        );
        text.Comment(1, "A secret can stand in a file of its own instead: secretFile, adminKeyFile, mnemonicFile, chain.keyFile, databaseFile with the path.");
        text.Comment(1, "Whoever reads this file can spend the wallets: keep it yours alone (mode 0600), and keep a copy somewhere safe.");
        text.Setting("Mainnet, Preprod, or Devnet for a chain of your own.", $"\"network\": {Text(a.Network.ToString())},");
        text.Setting(
            "Who tells what is on the chain: Blockfrost, or anything with its API.",
            $"\"chain\": {{ \"url\": {Text(a.ChainUrl.ToString())}{(a.ChainKey is null ? "" : $", \"key\": {Text(a.ChainKey)}")} }},"
        );
        text.Setting(
            "One SQLite file, or a PostgreSQL connection string such as Host=/run/postgresql;Database=masumi;Username=masumi.",
            $"\"database\": {Text(a.DatabaseFile)},"
        );
        text.Setting(
            "Wallets are sealed under this in the database: without it, and without their words below, they are lost.",
            $"\"secret\": {Text(a.Secret)},"
        );
        text.Setting(
            "The first API key, which may do everything; programs send it as the header token. Make others over the API.",
            $"\"adminKey\": {Text(a.AdminKey)},"
        );
        text.Setting(
            "Where the payment service listens. On other addresses than this machine's keys travel in clear text: put TLS before it.",
            $"\"listen\": {Text(a.Listen)},"
        );
        text.Setting("The contracts it serves, each with the wallets that work there.", "\"sources\": [");
        foreach (var family in a.Families)
        {
            Source(text, a, family);
        }

        text.Add(1, a.HasRegistry ? "]," : "]");
        if (a.HasRegistry)
        {
            text.Setting(
                "A registry in the same process, with a database of its own beside the other and the same connection to the chain.",
                $"\"registry\": {{ \"listen\": \"127.0.0.1:{RegistrySettings.DefaultPort}\", \"adminKey\": {Text(a.RegistryKey)} }}"
            );
        }

        text.Add(0, "}");
        return text.ToString();
    }

    private static void Source(Lines text, SetupAnswers answers, EscrowFamily family)
    {
        text.Add(2, "{");
        text.Comment(3, $"{ContractSettings.Meaning}.");
        text.Add(3, $"\"contract\": {Text(answers.Contract == ContractChoice.Market ? "market" : "own")},");
        text.Add(3, $"\"family\": {Text(family.ToString())},");
        if (answers.Contract == ContractChoice.Own)
        {
            text.Comment(3, "Any so many of these keys divide a disputed escrow between buyer and seller (masumi dispute).");
            text.Add(3, $"\"requiredAdmins\": {answers.RequiredAdmins},");
            text.Add(3, $"\"admins\": [{string.Join(", ", answers.Admins.Select(k => Text(k.ToString())))}],");
        }

        text.Add(3, "\"wallets\": [");
        foreach (var wallet in answers.Wallets.Where(w => w.Family == family))
        {
            text.Comment(4, wallet.AddressOn(answers.Network));
            text.Add(4, $"{{ \"role\": {Text(wallet.Role.ToString())}, \"mnemonic\": {Text(wallet.Mnemonic)} }},");
        }

        text.Add(3, "]");
        text.Add(2, "},");
    }

    private static string Text(string value) => JsonSerializer.Serialize(value, Readable);

    private sealed class Lines
    {
        private readonly StringBuilder _text = new();

        public void Add(int depth, string line) => _text.Append(' ', depth * 2).Append(line).Append('\n');

        public void Comment(int depth, string comment) => Add(depth, $"// {comment}");

        public void Setting(string comment, string line)
        {
            _text.Append('\n');
            Comment(1, comment);
            Add(1, line);
        }

        public override string ToString() => _text.ToString();
    }
}
