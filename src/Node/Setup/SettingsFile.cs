using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Masumi.Node.Settings;

namespace Masumi.Node.Setup;

/// <summary>The settings of a new node as a file that explains itself.</summary>
internal static class SettingsFile
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Its text: JSON with comments.</summary>
    public static string Write(SetupAnswers answers)
    {
        var text = new StringBuilder();
        var a = answers;
        Line(0, "{");
        Comment(1, "Settings of a Masumi node: masumi node --config THIS_FILE. Every one of them can also come from the environment:");
        Comment(1, $"{SettingsText.Variable("chain.key")} is chain.key, {SettingsText.Variable("sources[0].wallets[0].mnemonic")} is sources[0].wallets[0].mnemonic.");
        Comment(1, "A secret can stand in a file of its own instead: secretFile, adminKeyFile, mnemonicFile, chain.keyFile, databaseFile with the path.");
        Comment(1, "Whoever reads this file can spend the wallets: keep it yours alone (mode 0600), and keep a copy somewhere safe.");
        Line(0, "");
        Comment(1, "Mainnet, Preprod, or Devnet for a chain of your own.");
        Line(1, $"\"network\": {Text(a.Network.ToString())},");
        Line(0, "");
        Comment(1, "Who tells what is on the chain: Blockfrost, or anything with its API.");
        Line(1, $"\"chain\": {{ \"url\": {Text(a.ChainUrl.ToString())}{(a.ChainKey is null ? "" : $", \"key\": {Text(a.ChainKey)}")} }},");
        Line(0, "");
        Comment(1, "One SQLite file, or a PostgreSQL connection string such as Host=/run/postgresql;Database=masumi;Username=masumi.");
        Line(1, $"\"database\": {Text(a.DatabaseFile)},");
        Line(0, "");
        Comment(1, "Wallets are sealed under this in the database: without it, and without their words below, they are lost.");
        Line(1, $"\"secret\": {Text(a.Secret)},");
        Line(0, "");
        Comment(1, "The first API key, which may do everything; programs send it as the header token. Make others over the API.");
        Line(1, $"\"adminKey\": {Text(a.AdminKey)},");
        Line(0, "");
        Comment(1, "Where the payment service listens. On other addresses than this machine's keys travel in clear text: put TLS before it.");
        Line(1, $"\"listen\": {Text(a.Listen)},");
        Line(0, "");
        Comment(1, "The contracts it serves, each with the wallets that work there.");
        Line(1, "\"sources\": [");
        foreach (var family in a.Families)
        {
            Source(a, family);
        }

        Line(1, a.HasRegistry ? "]," : "]");
        if (a.HasRegistry)
        {
            Line(0, "");
            Comment(1, "A registry in the same process, with a database of its own beside the other and the same connection to the chain.");
            Line(1, $"\"registry\": {{ \"listen\": \"127.0.0.1:{RegistrySettings.DefaultPort}\", \"adminKey\": {Text(a.RegistryKey)} }}");
        }

        Line(0, "}");
        return text.ToString();

        void Source(SetupAnswers answers, Contracts.Common.EscrowFamily family)
        {
            Line(2, "{");
            Comment(3, $"{ContractSettings.Meaning}.");
            Line(3, $"\"contract\": {Text(answers.Contract == ContractChoice.Market ? "market" : "own")},");
            Line(3, $"\"family\": {Text(family.ToString())},");
            if (answers.Contract == ContractChoice.Own)
            {
                Comment(3, "Any so many of these keys divide a disputed escrow between buyer and seller (masumi dispute).");
                Line(3, $"\"requiredAdmins\": {answers.RequiredAdmins},");
                Line(3, $"\"admins\": [{string.Join(", ", answers.Admins.Select(k => Text(k.ToString())))}],");
            }

            Line(3, "\"wallets\": [");
            foreach (var wallet in answers.Wallets.Where(w => w.Family == family))
            {
                Comment(4, wallet.AddressOn(answers.Network));
                Line(4, $"{{ \"role\": {Text(wallet.Role.ToString())}, \"mnemonic\": {Text(wallet.Mnemonic)} }},");
            }

            Line(3, "]");
            Line(2, "},");
        }

        void Comment(int depth, string comment) => Line(depth, $"// {comment}");

        void Line(int depth, string line) => text.Append(' ', line.Length == 0 ? 0 : depth * 2).Append(line).Append('\n');
    }

    private static string Text(string value) => JsonSerializer.Serialize(value, Readable);
}
