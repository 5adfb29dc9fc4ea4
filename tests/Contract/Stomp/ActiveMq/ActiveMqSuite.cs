using OpsAgent.Tests.Contract.Stomp.Suite;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.ActiveMq;

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqLoginTests(SharedActiveMq broker) : LoginContract(broker);

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqHeaderTests(SharedActiveMq broker) : HeaderContract(broker);

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqBodyTests(SharedActiveMq broker) : BodyContract(broker);

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqQueueTests(SharedActiveMq broker) : QueueContract(broker);

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqTopicTests(SharedActiveMq broker) : TopicContract(broker);

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqAckTests(SharedActiveMq broker) : AckContract(broker);

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqRedeliveryTests(SharedActiveMq broker) : RedeliveryContract(broker);

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqReceiptTests(SharedActiveMq broker) : ReceiptContract(broker);

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqHeartBeatTests(SharedActiveMq broker) : HeartBeatContract(broker);

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqWindowTests(SharedActiveMq broker) : WindowContract(broker);

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqMistakeTests(SharedActiveMq broker) : MistakeContract(broker);

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqExpiryTests(SharedActiveMq broker) : ExpiryContract(broker);

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqTransactionTests(SharedActiveMq broker) : TransactionContract(broker);

[Collection(ActiveMqCollection.Name)]
[NeedsServers("activemq")]
public sealed class ActiveMqWireTests(SharedActiveMq broker) : WireContract(broker);
