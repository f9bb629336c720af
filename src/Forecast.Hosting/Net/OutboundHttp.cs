using System.Net;
using System.Net.Sockets;
using Forecast.Core;

namespace Forecast.Hosting.Net;

/// <summary>
/// HTTP to addresses that callers chose. A server stands inside a network that its callers must not reach through it, so what an
/// address resolves to is looked at when the connection is made (a name may answer otherwise the second time), and no answer leads on elsewhere.
/// </summary>
public static class OutboundHttp
{
    private const int LongestAddress = 2000;

    /// <param name="allowPrivate">Whether private networks and this machine may be reached, too.</param>
    /// <param name="timeout">For the whole of a request.</param>
    public static HttpClient Create(bool allowPrivate, TimeSpan timeout) => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, allowPrivate, cancellation),
        })
    {
        Timeout = timeout,
    };

    /// <summary>The address of a text.</summary>
    /// <exception cref="ForecastException"><c>url-invalid</c>, <c>url-private</c>.</exception>
    public static Uri Checked(string text, bool allowPrivate, string field)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestAddress || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.UserInfo.Length > 0 || uri.Host.Length == 0)
            throw new ForecastException("url-invalid", $"{field} is not an http or https address of at most {LongestAddress} characters without user and password", field);
        if (!allowPrivate && (uri.IsLoopback || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && !PublicAddresses.Contains(address)))) throw Private(field);
        return uri;
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint to, bool allowPrivate, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(to.Host, cancellation);
        var open = allowPrivate ? addresses : [.. addresses.Where(PublicAddresses.Contains)];
        if (open.Length == 0) throw Private("url");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(open, to.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static ForecastException Private(string field) =>
        new("url-private", "the address leads into a private network or to this machine; FORECAST_PRIVATE_ADDRESSES=allow on the server lets it", field);
}
