using Forecast.Api.Problems;

namespace Forecast.Api.Hosting;

/// <summary>Compressed bodies, both ways: requests in gzip or deflate, answers in brotli or gzip for those who accept them.</summary>
internal static class PackedBodies
{
    private static readonly string[] Known = ["gzip", "deflate"];

    // Events are left out: they are small, and each must arrive at once.
    private static readonly string[] Types = ["application/json", "application/problem+json", "application/x-ndjson", "text/csv", "text/html", "text/css", "text/javascript", "image/svg+xml"];

    public static IServiceCollection AddPackedBodies(this IServiceCollection services)
    {
        services.AddResponseCompression(answers => answers.MimeTypes = Types);
        return services.AddRequestDecompression(requests =>
        {
            foreach (var other in requests.DecompressionProviders.Keys.Except(Known, StringComparer.Ordinal).ToArray()) requests.DecompressionProviders.Remove(other);
        });
    }

    /// <summary>The limit of a body counts after it is unpacked, too, so that a small body cannot become a huge one.</summary>
    public static void UsePackedBodies(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            var encoding = context.Request.Headers.ContentEncoding.ToString();
            if (encoding.Length == 0)
            {
                await next(context);
                return;
            }

            if (!Known.Contains(encoding, StringComparer.OrdinalIgnoreCase))
                throw RequestException.OfBody(StatusCodes.Status415UnsupportedMediaType, "encoding-unsupported", $"the body is encoded by '{encoding}'; gzip and deflate are read here");
            try
            {
                await next(context);
            }
            catch (InvalidDataException e)
            {
                throw RequestException.OfBody(StatusCodes.Status400BadRequest, "encoding-invalid", $"the body cannot be unpacked by '{encoding}': {e.Message}");
            }
        });
        app.UseRequestDecompression();
    }
}
