using Forecast.Core;

namespace Forecast.Store.Tenants;

/// <summary>Names of tenants: those whose data, jobs, runs, models and forecasts are kept apart from everybody else's.</summary>
public static class Tenant
{
    /// <summary>Whose everything is where nobody uses keys.</summary>
    public const string Default = "default";

    private const int MaxLength = 64;
    private const char Separator = '/';

    /// <returns>The name: 1 to 64 small letters, digits and '-'.</returns>
    /// <exception cref="ForecastException"><c>tenant-invalid</c>.</exception>
    public static string Checked(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name is { Length: > 0 and <= MaxLength } && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? name
            : throw new ForecastException("tenant-invalid", $"tenant '{name}' is not 1 to {MaxLength} small letters, digits or '-'", "tenant");
    }

    /// <summary>How a name that a tenant chose is kept.</summary>
    internal static string Qualify(string tenant, string name) => Checked(tenant) + Separator + name;

    /// <summary>The name as its tenant knows it.</summary>
    internal static string Bare(string qualified) => qualified[(qualified.IndexOf(Separator, StringComparison.Ordinal) + 1)..];

    /// <summary>What the names of a tenant begin with.</summary>
    internal static string Prefix(string tenant) => tenant + Separator;
}
