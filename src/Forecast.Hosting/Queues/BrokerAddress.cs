using System.Globalization;
using System.Net.Sockets;
using Forecast.Core;
using RabbitMQ.Client;

namespace Forecast.Hosting.Queues;

/// <summary>Where a broker is: <c>amqp://user:password@host:port/virtual-host?heartbeat=SECONDS</c>, or <c>amqps</c>.</summary>
internal sealed class BrokerAddress
{
    /// <summary>Seconds; a broker gives the work of a worker that is silent for about twice as long to another.</summary>
    private const int UsualHeartbeat = 15;

    private readonly Uri _uri;
    private readonly TimeSpan _heartbeat;

    private BrokerAddress(Uri uri, TimeSpan heartbeat)
    {
        (_uri, _heartbeat) = (uri, heartbeat);
        Location = $"{uri.Scheme}://{uri.Host}:{(uri.Port > 0 ? uri.Port : 5672)}{uri.AbsolutePath}";
    }

    /// <summary>The broker, without password.</summary>
    public string Location { get; }

    /// <exception cref="ForecastException"><c>broker-address</c>; the address is not repeated, since it may hold a password.</exception>
    public static BrokerAddress Parse(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0) throw Malformed("");
        var heartbeat = UsualHeartbeat;
        foreach (var part in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            if (pair is not ["heartbeat", var text]) throw Malformed($": '{pair[0]}' is not known there; heartbeat is");
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out heartbeat) || heartbeat is < 1 or > 3600) throw Malformed($": heartbeat is '{text}'; it must be 1 to 3600 seconds");
        }

        return new BrokerAddress(new UriBuilder(uri) { Query = "" }.Uri, TimeSpan.FromSeconds(heartbeat));
    }

    /// <summary>Makes connections through sockets of the caller's. The client's own recovery is off: see <see cref="BrokerLine"/>.</summary>
    public ConnectionFactory Factory(Func<AddressFamily, Socket> socket) => new()
    {
        Uri = _uri,
        ClientProvidedName = $"forecast {Environment.MachineName}/{Environment.ProcessId}",
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedHeartbeat = _heartbeat,
        SocketFactory = family => new TcpClientAdapter(socket(family)),
    };

    private static ForecastException Malformed(string what) =>
        new("broker-address", $"the address of the broker is not of the form amqp://user:password@host:port/virtual-host?heartbeat=SECONDS{what}", "broker");
}
