namespace Forecast.Models.Tests.Ttm;

/// <summary>The folder FORECAST_TTM_WEIGHTS with published weights that read 512 rows and give 96; they do not ship with the repository.</summary>
internal static class PublishedWeights
{
    public static string? Folder => Environment.GetEnvironmentVariable("FORECAST_TTM_WEIGHTS") is { Length: > 0 } folder ? folder : null;
}
