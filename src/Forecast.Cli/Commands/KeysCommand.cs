using System.CommandLine;
using System.Globalization;
using Forecast.Cli.Output;
using Forecast.Core;
using Forecast.Hosting;
using Forecast.Hosting.Keys;
using Forecast.Store;
using Forecast.Store.Keys;
using Forecast.Store.Tenants;
using NodaTime;
using NodaTime.Text;
using Spectre.Console;

namespace Forecast.Cli.Commands;

/// <summary><c>forecast keys create|list|revoke</c>: keys of the API, in the store that the server uses.</summary>
internal static class KeysCommand
{
    private const int UsualRate = 600;
    private const int MostRate = 1_000_000;

    public static Command Create() => new("keys", "Keys of the API: create, list, revoke") { CreateKey(), ListKeys(), RevokeKey() };

    private static Command CreateKey()
    {
        var name = new Argument<string>("NAME") { Description = "What people call the key" };
        var tenant = new Option<string>("--tenant") { Description = "Whose data, jobs and models it sees", DefaultValueFactory = _ => Tenant.Default };
        var scopes = new Option<string>("--scopes") { Description = $"Of {string.Join(", ", ApiKey.Scopes)}; or all", DefaultValueFactory = _ => $"{ApiKey.ReadScope},{ApiKey.ForecastScope}" };
        var days = new Option<string>("--days") { Description = "Days that it lives, or never", DefaultValueFactory = _ => "365" };
        var rate = new Option<int>("--rate") { Description = "Requests a minute; 0 = any number", DefaultValueFactory = _ => UsualRate };
        var json = new Option<bool>("--json") { Description = "The key, as JSON" };
        var command = new Command("create", "Make a key; it is shown once, and the store keeps its hash only") { name, tenant, scopes, days, rate, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var perMinute = parsed.GetValue(rate);
            if (perMinute is < 0 or > MostRate) throw new ForecastException("rate-invalid", $"rate is {perMinute}; it must be 0 to {MostRate} requests a minute", "rate");
            var wanted = new NewApiKey(Tenant.Checked(parsed.GetValue(tenant)!), parsed.GetValue(name)!, ApiKey.ReadScopes(parsed.GetValue(scopes)!), perMinute, End(parsed.GetValue(days)!));
            var key = ApiKey.Create();
            await using var store = await OpenAsync(cancellation);
            var stored = await store.Keys.AddAsync(key.Id, key.SecretHash, wanted, cancellation);
            if (parsed.GetValue(json))
            {
                Json.Print(new { key = key.Text, stored.Id, stored.Name, stored.Tenant, stored.Scopes, stored.RequestsPerMinute, expiresAt = Text(stored.ExpiresAt) });
            }
            else
            {
                await Console.Out.WriteLineAsync(key.Text);
                await Console.Error.WriteLineAsync($"key {stored.Id} of tenant {stored.Tenant} for {string.Join(", ", stored.Scopes)}, {(stored.ExpiresAt is { } end ? $"until {Text(end)}" : "without end")}; it is not shown again");
            }

            return 0;
        });
        return command;
    }

    private static Command ListKeys()
    {
        var tenant = new Option<string?>("--tenant") { Description = "Of this tenant only" };
        var json = new Option<bool>("--json") { Description = "The keys, as JSON" };
        var command = new Command("list", "Keys with their state; never their secrets") { tenant, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var store = await OpenAsync(cancellation);
            var keys = await store.Keys.ListAsync(parsed.GetValue(tenant), cancellation);
            if (parsed.GetValue(json))
            {
                Json.Print(keys.Select(k => new { k.Id, k.Name, k.Tenant, k.Scopes, k.RequestsPerMinute, state = State(k), createdAt = Text(k.CreatedAt), expiresAt = Text(k.ExpiresAt), revokedAt = Text(k.RevokedAt) }));
                return 0;
            }

            var table = Terminal.Table("id", "name", "tenant", "scopes", "a minute", "state", "expires");
            foreach (var k in keys) table.AddRow(k.Id, Markup.Escape(k.Name), k.Tenant, string.Join(' ', k.Scopes), k.RequestsPerMinute == 0 ? "any" : k.RequestsPerMinute.ToString(CultureInfo.InvariantCulture), State(k), Text(k.ExpiresAt) ?? "never");
            Terminal.Out.Write(table);
            return 0;
        });
        return command;
    }

    private static Command RevokeKey()
    {
        var id = new Argument<string>("ID") { Description = "Id of the key, as 'keys list' shows it" };
        var json = new Option<bool>("--json") { Description = "The key, as JSON" };
        var command = new Command("revoke", "Take a key back, for good; servers refuse it within seconds") { id, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var store = await OpenAsync(cancellation);
            var key = await store.Keys.RevokeAsync(parsed.GetValue(id)!, cancellation);
            if (parsed.GetValue(json)) Json.Print(new { key.Id, key.Name, key.Tenant, state = State(key), revokedAt = Text(key.RevokedAt) });
            else Terminal.Out.WriteLine($"key {key.Id} ({key.Name}) is revoked");
            return 0;
        });
        return command;
    }

    private static Task<IForecastStore> OpenAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(ForecastHome.Root);
        return ForecastStores.OpenAsync(ForecastHome.Store, cancellation);
    }

    private static Instant? End(string days) => days switch
    {
        "never" => null,
        _ when int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 36_500 => SystemClock.Instance.GetCurrentInstant() + Duration.FromDays(number),
        _ => throw new ForecastException("days-invalid", $"--days '{days}' is neither never nor a whole number from 1 to 36500", "days"),
    };

    private static string State(StoredApiKey key) => key.RevokedAt is not null ? "revoked" : key.ExpiresAt <= SystemClock.Instance.GetCurrentInstant() ? "expired" : "good";

    private static string? Text(Instant? at) => at is { } instant ? InstantPattern.General.Format(instant) : null;
}
